# Notices of the desktop, and the name of the secret in the keyring's own program.

notice-title = Status for Bitrix24
notice-no-tray = This desktop shows no tray icon. b24status goes on all the same: see it with “b24status status”, change it with “b24status set”. On GNOME, the extension “AppIndicator” brings the icon.
notice-sign-in = You are not signed in to Bitrix24. In a terminal, type “b24status login --webhook -”, press Enter and paste the address of your inbound webhook.
