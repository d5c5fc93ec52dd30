# What `b24status doctor` says. Each sentence says what is so; where it is a problem, it says what to do as well.

doctor-fit-to-paste = Fit to paste in a ticket: it names the hosts of your portals; webhooks, tokens, your name and your home folder are left out.
doctor-ok = ok
doctor-problem = problem
doctor-unknown = unknown
doctor-all-ok = Everything is in order.
doctor-no-problem = No problem was found; not everything could be looked at.
doctor-some-problem = There is something to do: see the lines with “problem”.
doctor-not-looked-at = Could not be looked at, because of what is said above.

## What is looked at

doctor-name-app = Running app
doctor-name-tray-host = Tray
doctor-name-idle-source = Keyboard and mouse
doctor-name-lock-source = Screen lock
doctor-name-sleep-source = Sleep
doctor-name-autostart = Start at login
doctor-name-settings = Settings file
doctor-name-storage = Storage
doctor-name-keyring = Keyring
doctor-name-account = Sign-in
doctor-name-proxy = Proxy
doctor-name-tls = Encryption
doctor-name-portal = Portal
doctor-name-scopes = Permissions
doctor-name-methods = Chat statuses
doctor-name-clock = Clock
doctor-name-connection = Connection of the app

## The running app

doctor-app-running = b24status { $version } is running and answers.
doctor-app-not-running = b24status is not running. Start it with “b24status”; until then nothing happens by itself.
doctor-app-ending = b24status is just ending. Try again in a moment.
doctor-app-other-version = Another version of b24status ({ $version }) is running. End it with “b24status quit” or in its menu, and start this one.
doctor-app-foreign = { $path } belongs to another user, so b24status does not use it. Ask your administrator to remove it.
doctor-app-mute = The running b24status does not answer. Wait a moment; if it stays so, end it and start it again.

## The desktop

doctor-tray-host-present = The desktop shows icons of programs.
doctor-tray-host-absent = The desktop has no place for the icon. Add a tray to your panel; on GNOME, switch on the extension “AppIndicator and KStatusNotifierItem Support”. Until then use the command line.
doctor-tray-host-no-bus = There is no session bus, and without it no icon. Start b24status from your desktop session, not over ssh or with sudo.
doctor-tray-host-no-answer = The session bus does not answer. Log out and in again if it stays so.

doctor-idle-source-using = Seen through { $source }.
doctor-idle-source-none = Nothing here tells when nobody is at the keyboard ({ $reasons }), so you are not marked idle for missing input. On Wayland use a desktop with ext-idle-notify (KDE Plasma, Sway, Hyprland) or GNOME; over ssh there is none.
doctor-idle-source-unsupported = b24status cannot see keyboard and mouse on this system yet, so you are not marked idle for missing input. Choose your status by hand.
doctor-idle-source-no-answer = The desktop does not answer. Try again; if it stays so, log out and in again.
doctor-obstacle-absent = not part of this session
doctor-obstacle-unreachable = does not answer
doctor-obstacle-not-offered = not offered by the desktop
doctor-obstacle-inside-wayland = sees only old programs inside Wayland
doctor-obstacle-lost = went away a moment ago

doctor-lock-source-screensaver = Told by { $source }.
doctor-lock-source-login-service = Told by the login service.
doctor-lock-source-system = Told by the system.
doctor-lock-source-refused = The system does not tell b24status when the screen is locked; only missing input marks you idle. Log out and in again.
doctor-lock-source-untold = The login service would tell, and the desktop has told it nothing so far. Lock the screen once and look again.
doctor-lock-source-absent = Nothing here tells that the screen is locked; only missing input marks you idle. Use a screen lock that tells the login service, for example through “loginctl lock-session”.
doctor-lock-source-no-answer = The system does not answer. Try again; if it stays so, restart the computer.

doctor-sleep-source-delayed = Told by the login service, which waits until the portal knows.
doctor-sleep-source-system = Told by the system, which waits for a moment so that the portal knows.
doctor-sleep-source-announced = Told by the login service, which does not wait: the portal may hear of it late.
doctor-sleep-source-absent = Nothing here tells that the computer goes to sleep; only missing input marks you idle. A login service (systemd-logind or elogind) would tell.
doctor-sleep-source-no-answer = The system does not answer. Try again; if it stays so, restart the computer.

doctor-autostart-on = On.
doctor-autostart-off = Off.
doctor-autostart-elsewhere = Another program file is started, or would be: { $path }. Run “b24status autostart on” to start this one.
doctor-autostart-no-place = This system has no place for it that b24status knows.
doctor-autostart-unspeakable = The system cannot start a program at { $path }. Move the program to a folder with a plain name.
doctor-autostart-refused = It is not allowed in the system's settings. Open System Settings, General, Login Items, and allow b24status there.
doctor-autostart-too-long = Windows starts programs whose path has 258 characters at most, and { $path } is longer. Move the program to a folder with a shorter path.
doctor-autostart-unreadable = { $path } cannot be read or written ({ $reason }). Check its permissions.

## Files

doctor-settings-read = Read without a fault.
doctor-settings-none-yet = There is none; the standard settings are used.
doctor-storage-working = Your choice and the journal can be stored.
doctor-storage-none-yet = Nothing was stored yet.
doctor-storage-failing = { $path } cannot be used ({ $reason }), so your choice would be lost at the next start. Check the disk and the permissions.
doctor-storage-app-failing = The running app cannot store your choice, so it would be lost at the next start. Make room on the disk, or start the app again.

## Accounts

doctor-keyring-answers = It answers.
doctor-keyring-locked = It is locked, and what you signed in with is in it. Unlock it: “Unlock the keyring” in the menu asks for it.
doctor-keyring-absent = No keyring can be reached, and secrets are kept nowhere else. Start one in your session, for example gnome-keyring or KWallet.
doctor-keyring-no-session = Windows keeps no passwords for this sign-in: it came over the network or as a service, or a rule of your organisation forbids it. Sign in at the computer, or ask your administrator.
doctor-keyring-failed = It did not answer as it should. Try again; if it stays so, log out and in again.
doctor-keyring-no-answer = It did not answer in time. Try again; if it stays so, log out and in again.

doctor-account-not-signed-in = Nobody is signed in. Run “b24status login --webhook -” and paste the address of your inbound webhook.
doctor-account-kept = What you signed in with is in the keyring.
doctor-account-missing = What you signed in with is not in the keyring any more. Sign in again: “b24status login --webhook -”.
doctor-account-unreadable = What the keyring holds is nothing that b24status signs in with. Sign in again: “b24status login --webhook -”.
doctor-account-not-told = The keyring does not say whether what you signed in with is there.

doctor-proxy-none = None; the portal is called directly.
doctor-proxy-used = The portal is called through { $proxy }.

doctor-tls-trusted = This computer trusts the portal's certificate.
doctor-tls-not-needed = Not needed: the portal is on this computer.

doctor-portal-answers = It answers, and the account is still yours.
doctor-portal-token-expired = It answers. The sign-in has run out, as it does every hour, and is renewed when it is used.

doctor-scopes-enough = b24status may use the chat ({ $scopes }).
doctor-scopes-im-missing = b24status may not use the chat (it may use: { $scopes }). Open the webhook, or the application, on the portal, tick “Chat and notifications (im)”, and save.

doctor-methods-available = The portal knows them.
doctor-methods-missing = The portal does not know { $methods }: it is too old, or the chat module is off. Ask your administrator to update it.
doctor-methods-out-of-reach = b24status does not reach { $methods }. Open the webhook, or the application, on the portal, tick “Chat and notifications (im)”, and save.

doctor-clock-agrees = It agrees with the portal's.
doctor-clock-ahead = { $minutes ->
    [one] The clock of this computer is { $minutes } minute ahead of the portal's. Let the system set the time by itself.
   *[other] The clock of this computer is { $minutes } minutes ahead of the portal's. Let the system set the time by itself.
}
doctor-clock-behind = { $minutes ->
    [one] The clock of this computer is { $minutes } minute behind the portal's. Let the system set the time by itself.
   *[other] The clock of this computer is { $minutes } minutes behind the portal's. Let the system set the time by itself.
}

doctor-connection-ok = It has confirmed what it shows.
doctor-connection-offline = It has not reached the portal yet.
doctor-connection-keyring-locked = It waits for the keyring. Unlock it: “Unlock the keyring” in the menu asks for it.
doctor-connection-signed-out = It is signed out. Sign in again: “b24status login --webhook -”.
doctor-connection-blocked = The portal refused it. “b24status why” shows the reason.
