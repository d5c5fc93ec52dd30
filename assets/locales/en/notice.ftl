# Notices of the desktop, and the name of the secret in the keyring's own program.

notice-title = Status for Bitrix24
notice-no-tray = This desktop shows no tray icon. b24status goes on all the same: see it with “b24status status”, change it with “b24status set”. On GNOME, the extension “AppIndicator” brings the icon.
notice-sign-in = You are not signed in to Bitrix24. In a terminal, type “b24status login --webhook -”, press Enter and paste the address of your inbound webhook.
notice-sign-in-window = You are not signed in to Bitrix24. Open the menu of the icon and choose “Sign in…”.
notice-window-missing = The window of b24status could not be opened: the program b24status-window is missing beside b24status, or there is no screen for it. The settings open as a file, and everything else can be done in a terminal: type “b24status help”.
notice-settings-not-opened = No program opened the settings. They are in the file { $path }: any text editor will do.
notice-no-settings = The demo has no settings: it keeps nothing.

# To the window.
browse-refused = { $address } was not opened: only addresses that begin with https are.
browse-failed = No browser opened. Open { $address } yourself.

# What the idle mark does on the portal, told before it is used for the first time.
idle-explained = { $minutes ->
    [one] After { $minutes } minute without keyboard and mouse, and while the screen is locked, b24status marks you idle on the portal. Then notifications start to arrive on your phone, Open Channels may pass you over, and where working time is controlled an absence may be recorded. To switch it off, use the menu or write “mark_idle = false” in the settings.
   *[other] After { $minutes } minutes without keyboard and mouse, and while the screen is locked, b24status marks you idle on the portal. Then notifications start to arrive on your phone, Open Channels may pass you over, and where working time is controlled an absence may be recorded. To switch it off, use the menu or write “mark_idle = false” in the settings.
}
