# The tray icon's tooltip and its menu. Keep the labels short: menus are narrow.

app-name = Status for Bitrix24

## Statuses, as Bitrix24 calls them

status-online = Online
status-dnd = Do not disturb
status-away = Away
status-break = Break
status-unknown = Status unknown

# A status word of a newer Bitrix24: shown as it is.
status-unfamiliar = “{ $word }” (set elsewhere)

# A status that ends. $time: a time of day, perhaps with a day.
status-until = { $status } until { $time }
# The end of the status that runs now, on top of “For a while”.
status-until-then = { $status } until { $time }, then { $next }
status-idle = { $status } · idle
# Asked for, and not confirmed by the portal yet.
status-pending = { $status } · waiting for the portal
# What the portal said last; whether it still holds cannot be known now.
status-last-known = { $status } · as last seen

## The lines about who and why

who = { $name } · { $portal }
who-more = { $count ->
    [one] { $name } · { $portal } and { $count } more portal
   *[other] { $name } · { $portal } and { $count } more portals
}
who-nobody = Not signed in
who-nobody-remedy = To sign in, run: b24status login --webhook -

# $reason: one of the reason-* texts.
idle-since = Idle since { $time } · { $reason }
idle-elsewhere = Marked as idle on the portal
idle-soon = Idle since { $time } · { $reason } · waiting for the portal
idle-ending = Welcome back · waiting for the portal
idle-unsent = Away from the keyboard since { $time } · { $reason } · not marked idle
idle-kept = Away from the keyboard since { $time } · “{ $status }” stays as it is
reason-input = keyboard and mouse not used
reason-locked = screen locked
reason-asleep = computer asleep

choice-waits = “{ $status }” will be sent as soon as possible
accounts-differ = Not the same on every portal yet

# $portal: the name of a portal. $sentence: a full sentence about a failure.
trouble = { $portal }: { $sentence }
trouble-offline = No connection
trouble-keyring = The keyring is locked
trouble-signed-out = Not signed in
trouble-blocked = The portal refuses the request
trouble-more = { $count ->
    [one] and { $count } more portal with a problem
   *[other] and { $count } more portals with a problem
}
storage-failing = Nothing can be saved, so you are not marked idle: check that the disk is not full

## Items

# Why an item does nothing now.
item-signed-out = { $item } · sign in first
item-sign-in = Sign in…
item-dnd = Do not disturb · mutes notifications

item-while = For a while
# $duration: for example “30 minutes” or “1 hour 30 minutes”.
item-for = { $status } for { $duration }
item-tomorrow = { $status } until tomorrow, 9:00

item-idle = Mark me idle automatically
item-idle-after = { $minutes ->
    [one] Mark me idle after { $minutes } minute without input
   *[other] Mark me idle after { $minutes } minutes without input
}
item-idle-none = Mark me idle automatically · this desktop does not tell when you are away
item-idle-looking = Mark me idle automatically · starting…

# $item: a setting that the administrator of the computer has fixed.
item-fixed = { $item } · set by your administrator

item-autostart = Start at login
item-autostart-unavailable = Start at login · not possible here

item-unlock = Unlock the keyring…

item-journal = What happened
journal-empty = Nothing yet
# $source: a technical name, such as “ext-idle-notify” or “X11”.
journal-source = Absence is noticed through { $source }
item-check = Check the portal now

item-journal-all = Show all…

item-settings = Settings…
item-quit = Quit

# In the program of the keyring, for whoever looks there.
keyring-label = Status for Bitrix24: { $name } · { $portal }
