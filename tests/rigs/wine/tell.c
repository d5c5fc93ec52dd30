/* What Windows itself tells the app, told by a program, because nobody locks, suspends or ends a session in Wine:
 *   tell lock | unlock | disconnect | connect     WM_WTSSESSION_CHANGE
 *   tell suspend | resume                          WM_POWERBROADCAST
 *   tell remove-icon                               its icons leave the tray, as when Explorer crashes
 *   tell new-taskbar                               TaskbarCreated, as when Explorer is back
 *   tell end-session                               WM_QUERYENDSESSION and WM_ENDSESSION; then, as Windows does, ends what has not ended
 * The app's window is found by its class. 1: there is none, or it refuses. No resources, no state. */
#define _WIN32_WINNT 0x0600
#include <windows.h>
#include <shellapi.h>
#include <stdio.h>
#include <string.h>
#include <wtsapi32.h>

/* What a program is granted at the end of a session before Windows ends it. */
#define GRANTED_MS 5000

static HWND window;

static LRESULT tell(UINT message, WPARAM wparam, LPARAM lparam)
{
    DWORD_PTR answer = 0;
    if (!SendMessageTimeoutA(window, message, wparam, lparam, SMTO_NORMAL, GRANTED_MS, &answer))
        printf("no answer to message %#x within %d ms\n", message, GRANTED_MS);
    return answer;
}

static int tell_session(WPARAM what, DWORD process)
{
    DWORD session = 0;
    ProcessIdToSessionId(process, &session);
    tell(WM_WTSSESSION_CHANGE, what, session);
    return 0;
}

static int tell_power(WPARAM what)
{
    tell(WM_POWERBROADCAST, what, 0);
    return 0;
}

static int remove_icons(void)
{
    NOTIFYICONDATAW icon = { sizeof icon };
    int removed = 0;
    icon.hWnd = window;
    for (icon.uID = 0; icon.uID < 16; icon.uID++)
        removed += Shell_NotifyIconW(NIM_DELETE, &icon);
    return removed;
}

static int end_session(DWORD process)
{
    HANDLE app = OpenProcess(PROCESS_TERMINATE | SYNCHRONIZE, FALSE, process);
    DWORD began = GetTickCount();
    if (!tell(WM_QUERYENDSESSION, 0, ENDSESSION_LOGOFF))
        return 1;
    tell(WM_ENDSESSION, TRUE, ENDSESSION_LOGOFF);
    printf("released after %lu ms\n", GetTickCount() - began);
    TerminateProcess(app, 1);
    WaitForSingleObject(app, INFINITE);
    return 0;
}

int main(int count, char **words)
{
    const char *word = count == 2 ? words[1] : "";
    DWORD process;
    window = FindWindowA("b24status", NULL);
    if (!window) {
        puts("the app has no window");
        return 1;
    }
    GetWindowThreadProcessId(window, &process);
    if (!strcmp(word, "lock")) return tell_session(WTS_SESSION_LOCK, process);
    if (!strcmp(word, "unlock")) return tell_session(WTS_SESSION_UNLOCK, process);
    if (!strcmp(word, "disconnect")) return tell_session(WTS_REMOTE_DISCONNECT, process);
    if (!strcmp(word, "connect")) return tell_session(WTS_REMOTE_CONNECT, process);
    if (!strcmp(word, "suspend")) return tell_power(PBT_APMSUSPEND);
    if (!strcmp(word, "resume")) return tell_power(PBT_APMRESUMEAUTOMATIC) || tell_power(PBT_APMRESUMESUSPEND);
    if (!strcmp(word, "remove-icon")) return !remove_icons();
    if (!strcmp(word, "new-taskbar")) return !SendNotifyMessageW(HWND_BROADCAST, RegisterWindowMessageW(L"TaskbarCreated"), 0, 0);
    if (!strcmp(word, "end-session")) return end_session(process);
    printf("no such message: %s\n", word);
    return 2;
}
