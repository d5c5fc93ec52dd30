# The command line: its answers, its errors, and what is wrong with the settings file.

## The settings file

settings-broken = Line { $line } of { $path } cannot be read ({ $reason }). The file is left as it is; correct the line. Until then the settings from before hold, or the standard ones.
settings-unreadable = { $path } cannot be read ({ $reason }). Check the file's permissions. Until then the settings from before hold, or the standard ones.
settings-newer = { $path } was written by a newer version of b24status (file version { $version }). What this version understands is used, and the file is left as it is; update b24status to change settings.
settings-value = Line { $line } of { $path }: “{ $key }” is { $found }, which is not possible. It can be { $allowed }. The standard value is used until then.
settings-unknown-key = Line { $line } of { $path }: there is no setting “{ $key }”. Check its spelling.
settings-not-for-machine = Line { $line } of { $path }: “{ $key }” cannot be set for the whole computer, only by each person. It is not used; ask your administrator to remove it.
settings-allowed-yes-no = true or false
settings-allowed-minutes = a whole number from 1 to 240
settings-allowed-durations = a list of 1 to 12 different whole numbers, each from 1 to 1440 (minutes)
settings-allowed-port = a whole number from 1024 to 65535
settings-allowed-statuses = a list with some of { $words }
settings-allowed-words = one of { $words }
settings-allowed-version = a whole number, 1 or more
settings-allowed-text = a text in quotation marks
settings-allowed-section = a section
settings-allowed-sections = a list of sections, each with an “id”
settings-not-possible = “{ $key }” cannot be { $found }. It can be { $allowed }.
setting-is-fixed = “{ $key }” is set by your administrator in { $path } and cannot be changed here.
settings-no-account = The account { $account } is not there any more.
settings-kept-aside = The old settings file could not be read; it is kept as { $path }.
settings-not-saved-newer = The settings were not saved: a newer version of b24status wrote the file (file version { $version }). Update b24status.
storage-full = { $path } could not be saved: the disk is full. Make room and try again; nothing that was there is lost.
storage-read-only = { $path } could not be saved: it is on a disk that can only be read. Nothing that was there is lost.
storage-denied = { $path } could not be saved: access was denied. Check the permissions of its folder; nothing that was there is lost.
storage-failed = { $path } could not be saved ({ $reason }). Nothing that was there is lost.

## Mistakes on the command line. $words: the words that are possible.

usage-unknown-command = There is no command “{ $found }”. Run “b24status help” to see all of them.
usage-unknown-option = There is no option “{ $found }” here. Run “b24status help” to see what there is.
usage-surplus = “{ $found }” is one word too many. Run “b24status help” to see what is possible.
usage-missing-value = A value is missing after { $found }. Run “b24status help” to see an example.
usage-not-a-number = “{ $found }” is not a number. Write for example --limit 20.
usage-no-status = Which status? Write one of: { $words }.
usage-unknown-status = There is no status “{ $found }”. Write one of: { $words }.
usage-two-ends = A choice has one end: write either --for or --until, once.
usage-no-switch = Write one of: b24status autostart on, off or status.
usage-no-credential = How to sign in: run “b24status login --webhook -”, paste the address of your inbound webhook and press Enter. In the browser: “b24status login --oauth PORTAL --client-id ID --client-secret -”.
usage-secret-in-sight = Do not write the webhook's address on the command line, where others can see it: run “b24status login --webhook -” and paste it then.
usage-two-credentials = Sign in one way at a time: write either --webhook or --oauth.
usage-no-client-id = The application's id is missing: write --client-id and the id from the application's card on the portal.
usage-no-client-secret = The application's secret is missing: write “--client-secret -” and paste it when asked.
usage-client-secret-in-sight = Do not write the application's secret on the command line, where others can see it: write “--client-secret -” and paste it when asked.
usage-not-a-port = “{ $found }” is not a port that can be used. Write a number from 1024 to 65535.
usage-which-account = There are several accounts; name the one to sign out of: { $names }.
usage-unknown-account = There is no account “{ $found }”. There are: { $names }.

## Answers

cli-not-signed-in = You are not signed in. Run “b24status login --webhook -” and paste the address of your inbound webhook.
cli-paste-webhook = Paste the address of your inbound webhook and press Enter (it will not be shown):
cli-paste-client-secret = Paste the application's secret (client_secret) and press Enter (it will not be shown):
cli-open-address = Sign in on the portal in your browser, at this address:
cli-paste-answer = The browser then comes back to { $redirect } (this address has to stand in the application's card). If it shows an error there instead, copy the whole address that it shows, paste it here within 30 seconds and press Enter.
cli-browser-not-opened = The browser did not open. Open the address above in it yourself.
cli-agree-to-server = To agree to it, run the same command with --oauth-server { $host }
cli-signed-in = Signed in as { $name } on { $portal }. Status there now: { $status }.
cli-signed-out = { $name } on { $portal } was signed out. The webhook itself still exists on the portal; delete it there if you do not need it.
cli-signed-out-oauth = { $name } on { $portal } was signed out. The application itself is still on the portal; an administrator can remove it there.
cli-account = { $id }  { $who }
cli-account-left-out = { $id }  { $who } (never marked idle)
cli-idle = Marked idle · { $reason }
cli-unconfirmed = { $status } (not confirmed by the portal)
cli-why-empty = Nothing has happened yet.
cli-autostart-on = Start at login: on
cli-autostart-off = Start at login: off
cli-autostart-elsewhere = Start at login: another program file is started, { $path }. Run “b24status autostart on” to start this one.
cli-autostart-no-place = Start at login cannot be switched here: this system has no place for it that b24status knows.
cli-autostart-unspeakable = Start at login cannot be switched on: the system cannot start a program at { $path }. Move the program to a folder with a plain name.
cli-autostart-refused = Start at login is not allowed in the system's settings. Open System Settings, General, Login Items, allow b24status there, and try again.
cli-autostart-too-long = Start at login cannot be switched on: Windows starts programs whose path has 258 characters at most, and { $path } is longer. Move the program to a folder with a shorter path.
cli-unreadable = { $path } cannot be read ({ $reason }). Check its permissions.
cli-already-running = b24status is running already. To change your status: b24status set online, dnd, away or break. To end it: b24status quit.

## Errors

cli-not-running = b24status is not running.
cli-no-answer = The running b24status does not answer. Wait a moment; if it stays so, end it and start it again.
cli-ending = The running b24status is just ending. Try again in a moment.
cli-other-version = Another version of b24status ({ $running }) is running. End it with “b24status quit” or in its menu, and start this one.
cli-not-understood = The running b24status did not understand this program ({ $reason }). End it and start it again.
cli-foreign = { $path } belongs to another user, so b24status does not use it. Ask your administrator to remove it.
cli-no-home = b24status finds no home directory. Set HOME and start it again.
cli-refused = The portal refused. Run “b24status why” to see the reason.
cli-not-confirmed = The portal has not confirmed the status in time. If b24status is running, it sends your choice as soon as the portal can be reached.
cli-keyring-locked = The keyring with your sign-in is locked. Unlock it and try again.
cli-keyring-dismissed = The keyring was not unlocked. Try again and unlock it when it asks.
cli-keyring-absent = No keyring can be reached, and secrets are kept nowhere else. Start one (for example gnome-keyring or KWallet) in your session and try again.
cli-keyring-no-session = Windows keeps no passwords for this sign-in, and secrets are kept nowhere else. Sign in at the computer or over Remote Desktop, not over the network or as a service, and try again. If it stays so, a rule of your organisation forbids storing passwords: ask your administrator.
cli-keyring-too-long = This address is too long for Credential Manager, which takes 2,560 bytes. Nothing was stored or changed. Check that you pasted one address only, or make a new webhook.
cli-keyring-foreign = The keyring holds something else under “{ $entry }”. It was left as it is. If you do not need it, remove it there (in Windows: Control Panel, Credential Manager, Windows Credentials) and sign in again.
cli-keyring-failed = The keyring did not answer as it should. Try again; if it stays so, restart your session.


help =
    Status for Bitrix24: your status in the system tray, idle by itself.

    b24status                       run in the tray; a second one shows what the first one holds
    b24status demo [--for 30s]      try it without a portal; nothing is stored
    b24status login --webhook -     sign in: asks for the address of your inbound webhook
    b24status login --oauth PORTAL --client-id ID --client-secret -
                                    sign in with the browser: asks for the application's secret
          --port 24824              where the browser comes back to; as in the application's card
          --no-browser              print the address, and read the answer from standard input
          --oauth-server HOST       agree to this authorization server
          --ca-file FILE            with either: trust this certificate authority too
    b24status accounts [--json]     who is signed in where
    b24status logout [ACCOUNT]      sign out and forget the secret
    b24status status [--json]       what the portal holds now
    b24status set online|dnd|away|break
          --for 30m                 for a while: 30m, 1h, 1h30m
          --until 15:00             until then: 15:00, "tomorrow 9:00", 2026-11-21T15:00
          --timeout 30              seconds to wait for the portal
    b24status why [--json]          what changed, when, because of what
          --limit 20                so many of the newest entries
    b24status autostart on|off|status
                                    start at login
    b24status doctor [--json]       check every part; fit to paste in a ticket
    b24status quit                  end the running app
    b24status help                  this text
    b24status version               which version this is

    Ends with 0, or: 2 mistake on the command line, 3 not signed in, 4 refused by the portal,
    5 portal unreachable, 6 keyring unavailable, 1 anything else.
