# The window: sign in, accounts, settings, doctor, about.

## Everywhere

window-title = Status for Bitrix24
window-pages = Pages
window-accounts = Accounts
window-settings = Settings
window-journal = Journal
window-doctor = Check
window-about = About
window-next = Next
window-back = Back
window-cancel = Cancel
window-close = Close
window-copy = Copy
window-copy-address = Copy
window-copied = Copied.
window-reveal = Show what is typed
window-less = One less
window-more = One more
window-trying = Asking the portal…

## Without the app. $what: a version, a path, or what went wrong.

window-no-app = b24status is not running
window-starting = Starting b24status…
window-start-app = Start b24status
window-not-running = b24status is not running, and this window works through it. Start it; what you typed is kept.
window-lost = b24status has ended. What you typed is kept; the window goes on as soon as b24status runs again.
window-not-started = b24status could not be started ({ $what }). Start it from the menu of your desktop; if it stays so, install it again.
window-other-version = Another version of b24status ({ $what }) is running. Quit it in the menu of its icon, start b24status again, and open this window from there.
window-foreign = { $what } belongs to another user, so b24status does not use it. Ask your administrator to remove it.
window-no-answer = b24status did not answer as it should ({ $what }). Quit it and start it again.

## Sign in: the portal

address-title = Which is your Bitrix24?
address-what = Copy the address from the browser in which you use Bitrix24, and paste it here. Any page of it will do.
address-label = Address of your Bitrix24
address-hint = If you have the address of an inbound webhook already, paste that.

## Sign in: how

way-title = How do you want to sign in?
way-webhook = With a webhook
way-webhook-what = You make it yourself on the portal in a minute, if your portal allows it. It is an address that only you know.
way-webhook-choose = Use a webhook
way-oauth = In the browser
way-oauth-what = You sign in to Bitrix24 as always. For this, an administrator makes a local application on the portal once, and gives you its two keys.
way-oauth-choose = Sign in in the browser

webhook-title = Sign in with a webhook
webhook-step-open = Open “Developer resources” on your portal, then “Other”, “Inbound webhook”.
webhook-open = Open this page in the browser
webhook-step-tick = Under the permissions, choose “Chat and Notifications (im)”, and save.
webhook-step-copy = Copy the address of the webhook with the button beside it, and paste it below.
webhook-label = Address of the webhook
webhook-hint = It is kept in the keyring of this computer and sent to your portal only.
webhook-try = Try it

application-title = Sign in in the browser
application-step-open = An administrator opens “Developer resources” on the portal, then “Other”, “Local application”.
application-open = Open this page in the browser
application-step-fill = It is a server application that uses the API only, with the permission “Chat and Notifications (im)”. This goes into the field for the handler path:
application-redirect = Handler path
application-step-copy = After saving, the portal shows two keys. Paste them here.
application-id = Application ID (client_id)
application-secret = Application key (client_secret)
application-secret-hint = It is kept in the keyring of this computer.
application-port = Port
application-port-hint = A number from 1024 to 65535. The handler path in the application's card must have the same.
application-go = Open the browser

browser-title = Sign in in the browser
browser-opened = Your browser shows your portal now. Sign in there and allow access; this window then goes on by itself.
browser-not-opened = The browser did not open. Copy the address below and open it in your browser; this window then goes on by itself.
browser-waiting = Waiting for the browser. This takes five minutes at most.
browser-open-again = Open the browser again
browser-again = Try again
browser-address = Address for the browser
browser-address-hint = For another browser, or if none opened.
browser-code = Code from the browser
browser-code-hint = If the browser shows an error instead of “done”, copy the whole address from its address bar and paste it here at once: it is valid for 30 seconds.
browser-code-use = Use it

## Sign in: whose. $what: a name and a portal.

whose-title = Is this you?
whose-person = You are { $what }
whose-known = This account is here already. Its way of signing in is replaced.
whose-stored = If you say yes, the sign-in is kept in the keyring of this computer.
whose-storing = Storing…
whose-yes = Yes, that is me
whose-no = No, somebody else
whose-somebody-else-webhook = This webhook belongs to somebody else. Make one of your own while you are signed in to the portal as yourself, and paste its address.
whose-somebody-else-oauth = The browser is signed in to the portal as somebody else. Sign out there, sign in as yourself, and try again.

## Sign in: what idle does. $what: minutes.

idle-title = When you are away
idle-when = { $what ->
    [one] When nobody has touched the keyboard or the mouse for { $what } minute, or the screen is locked, b24status can mark you idle on the portal. When you are back, the mark goes.
   *[other] When nobody has touched the keyboard or the mouse for { $what } minutes, or the screen is locked, b24status can mark you idle on the portal. When you are back, the mark goes.
}
idle-then = While you are marked idle:
idle-phone = notifications arrive on your phone;
idle-channels = Open Channels may route past you;
idle-work-time = where your company controls work time, an absence may be recorded.
idle-on = Mark me idle by itself
idle-off = Do not mark me idle
idle-later = You can change this at any time in the menu of the icon and in the settings.

login-title = Start with the computer
login-what = b24status keeps your status right only while it runs.
login-on = Start when I sign in to this computer
login-off = I start it myself

done-title = Done
done-tray = Your status is in the tray now: click the icon to change it.
done-close = This window can be closed. It opens again from the menu of the icon.
done-accounts = Show my accounts

## What helps against a fault. $what: a host.

ca-file-label = Certificate file of your company
ca-file-hint = The whole path of the file with the CA certificate (PEM). Your administrator has it.
remedy-agree = Yes, send the key to { $what }
remedy-unlock = Unlock the keyring

## Accounts

home-title = Your accounts
home-connected = Connected
home-keyring-locked = The keyring with your sign-in is locked. Unlock it.
home-signed-out = The sign-in is no longer there. Sign in again.
home-mark-idle = Mark me idle here as well
home-recheck = Check now
home-asking = Asking…
home-sign-in-again = Sign in again
home-ca-file = Certificate file…
home-ca-file-use = Use this file
home-sign-out = Sign out
home-sign-out-webhook = Sign out here? The sign-in is removed from this computer. The webhook itself stays on the portal; delete it there if you do not need it.
home-sign-out-oauth = Sign out here? The sign-in is removed from this computer.
home-sign-out-yes = Yes, sign out
home-add = Add an account
home-many = With several accounts, the status that you choose goes to all of them.

## Settings

settings-fixed = Your administrator has set this.
settings-idle = When you are away
settings-mark-idle = Mark me idle automatically
settings-idle-minutes = After so many minutes without keyboard and mouse
settings-minutes-range = Write a whole number from 1 to 240.
settings-over = Only while my status is:
settings-over-hint = A status that is not ticked stays as it is when you are away.
settings-on-lock = At once when the screen is locked
settings-inhibitors = Not during videos, calls and presentations
settings-durations = Durations in the menu
settings-durations-hint = What the menu offers under “For a while”.
settings-duration-remove = Remove
settings-duration-new = Another one, for example 45 or 1h30m
settings-duration-add = Add
settings-duration-wrong = Write minutes from 1 to 1440, for example 45, or 1h30m.
settings-language = Language
settings-language-system = As the system
settings-language-english = English
settings-language-russian = Русский
settings-system = On this computer
settings-autostart = Start when I sign in to this computer
settings-autostart-unavailable = It cannot be switched here. “b24status doctor” says why.
settings-oauth-port = Port for signing in in the browser
settings-oauth-port-hint = It has to be the one in the card of your local application.
settings-port-range = Write a whole number from 1024 to 65535.
settings-file = Settings file
settings-no-file = This is a trial run: no settings are kept.

## Check

doctor-title = Check every part
doctor-what = Says what works, what does not, and what to do. It names the hosts of your portals; webhooks, your name and your home folder are left out, so it can be pasted into a ticket.
doctor-run = Check again
doctor-running = Checking. This can take a minute if a portal does not answer.
doctor-report = Report
doctor-failed = The check could not be run ({ $what }). Install b24status again if it stays so.

## About. $what: a version.

about-version = Version { $what }
about-running = The running app is version { $what }. Quit it and start it again.
about-what = Your Bitrix24 status in the system tray, idle by itself.
about-trademark = An independent program. Bitrix24 is a trademark of its owner.
about-licence = Licence
about-licence-ours = MIT or Apache-2.0, as you choose:
about-slint = Made with Slint
about-others = Made of
about-others-what = b24status stands on the work of many. Each part has its own licence.
about-others-show = Show all parts and their licences

### The journal.

journal-page-kept = What happened, and why. This record stays on this computer: it is kept for 30 days and sent nowhere.
journal-page-empty = Nothing has happened yet, or the journal was cleared.

journal-page-scope = Shown
journal-page-day = A day
journal-page-week = A week
journal-page-account = Account
journal-page-earlier = Earlier
journal-page-later = Later
journal-page-chart = Status over time,
journal-page-hint = Point at the picture, or go through it with the arrow keys, to read what was when and why.

## A stretch of time: “14:02–14:40 Away · idle: screen locked · chosen by hand”.
journal-page-stretch = { $from }–{ $to } { $what }
journal-page-stretch-open = since { $from }: { $what }
journal-page-idle = idle: { $reason }
journal-page-idle-alone = idle
journal-page-pending = not confirmed by the portal
journal-page-status-unknown = Status not known
journal-page-not-running = The app was not running
journal-page-untold = Not known: the app ended unexpectedly
# Put before a stretch where several days or accounts are shown.
journal-page-of = { $band }: { $stretch }

journal-page-legend-idle = idle
journal-page-legend-pending = not confirmed
journal-page-legend-failed = portal not reachable
journal-page-legend-gap = nothing known
journal-page-legend-now = now

journal-page-entries = Entries
journal-page-search = Search
journal-page-kinds = Which entries
journal-page-all = All
journal-page-choices = Statuses
journal-page-absences = Idle
journal-page-errors = Problems
journal-page-count = { $count ->
    [0] No entries
    [one] { $count } entry
   *[other] { $count } entries
}
journal-page-copy = Copy these entries
journal-page-clear = Clear the journal…
journal-page-clear-question = Delete all entries of the journal? They cannot be brought back.
journal-page-clear-yes = Delete all
journal-page-clear-no = Keep

## $day is a number, 1 is Monday.
journal-page-weekday = { $day ->
    [1] Monday
    [2] Tuesday
    [3] Wednesday
    [4] Thursday
    [5] Friday
    [6] Saturday
   *[other] Sunday
}
journal-page-weekday-short = { $day ->
    [1] Mon
    [2] Tue
    [3] Wed
    [4] Thu
    [5] Fri
    [6] Sat
   *[other] Sun
} { $number }
journal-page-date = { $weekday }, { $date }
journal-page-period = { $from } – { $to }
