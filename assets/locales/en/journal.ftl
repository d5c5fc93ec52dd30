# The journal: what changed, when, because of what. Times, dates and durations too.

# A line: what changed · the reason. The reasons begin with a small letter.
journal-because = { $what } · { $because }
journal-at = { $time }  { $line }
journal-account = { $line } ({ $account })

journal-chosen-until = { $status } until { $time }
journal-adopted = { $status }, as on the portal
journal-confirmed = { $status } is set on the portal
journal-went-absent = You are away from the keyboard
journal-came-back = You are back
journal-marked-idle = { $minutes ->
    [one] Marked idle on the portal, as of { $minutes } minute ago
   *[other] Marked idle on the portal, as of { $minutes } minutes ago
}
journal-unmarked-idle = No longer marked idle on the portal
journal-recovered = The portal can be reached again
journal-not-saved = The state could not be saved: you are not marked idle until it can be. Check that the disk is not full.
journal-started = The app was started
journal-ended = The app was quit

journal-by-hand = chosen by hand
journal-end-reached = the chosen time is over
journal-changed-elsewhere = changed in a browser, on the phone or on another computer
journal-first-read = first look at the portal
journal-choice = your choice
journal-input-resumed = keyboard or mouse used again
journal-unlocked = screen unlocked
journal-left-behind = left over from the last time the app ran
journal-quit = the app was quit

## Times. $hour and $minute are written as digits.

time-24 = { $hour }:{ $minute }
time-am = { $hour }:{ $minute } AM
time-pm = { $hour }:{ $minute } PM
time-tomorrow = tomorrow { $time }
time-yesterday = yesterday { $time }
time-on-day = { $date }, { $time }
time-unknown = at an unknown time
time-date = { $day } { $month ->
    [1] January
    [2] February
    [3] March
    [4] April
    [5] May
    [6] June
    [7] July
    [8] August
    [9] September
    [10] October
    [11] November
   *[other] December
}
time-date-year = { time-date } { $year }

time-days = { $count ->
    [one] { $count } day
   *[other] { $count } days
}
time-hours = { $count ->
    [one] { $count } hour
   *[other] { $count } hours
}
time-minutes = { $count ->
    [one] { $count } minute
   *[other] { $count } minutes
}
time-seconds = { $count ->
    [one] { $count } second
   *[other] { $count } seconds
}

time-not-a-time = “{ $found }” is not a time. Write for example 15:00, “tomorrow 9:00” or 2026-11-21T15:00.
time-not-a-duration = “{ $found }” is not a duration. Write for example 30m, 1h or 1h30m.
time-past = “{ $found }” is over already. Choose a time that is still to come.
time-too-long = “{ $found }” is more than a year ahead. Choose an earlier end, or none.
