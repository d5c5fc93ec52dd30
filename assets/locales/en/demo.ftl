# `b24status demo`: what is printed in the terminal. The words to type are not translated.

demo-person-name = Ivan
demo-person-last-name = Petrov

demo-welcome =
    This is a trial run. b24status is talking to a small Bitrix24 of its own on this computer; nothing leaves it and nothing is stored.
    Every request that arrives there is printed below. Use the icon in the tray, or type a word and press Enter:
    online, dnd, away, break, idle, back, quit. The word help lists all of them.
demo-without-tray = This desktop has no place for a tray icon at the moment. Everything works from here all the same.

# One request: "12:04:31  The app sets the status dnd: done   (im.user.status.set STATUS=dnd)"
demo-arrival = { $time }  { $what }: { $outcome }   ({ $call })
demo-what-profile = The app asks for whom it acts
demo-what-scope = The app asks what it may do
demo-what-method = The app asks whether the portal has a method
demo-what-time = The app asks for the portal’s time
demo-what-get = The app asks for the status
demo-what-set = The app sets the status { $status }
demo-what-idle-start =
    The app marks you idle, away for { $minutes ->
        [one] { $minutes } minute
       *[other] { $minutes } minutes
    }
demo-what-idle-end = The app ends the idle mark
demo-what-consent = A browser asks for the page on which an application is let in
demo-what-allow = You let the application in
demo-what-cancel = You do not let the application in
demo-what-exchange = The app asks for its first tokens
demo-what-refresh = The app asks for new tokens
demo-what-unknown = Somebody asks for something that this portal does not have

demo-answered = { $answer }
demo-answered-done = done
demo-answered-somehow = answered
demo-answered-never-set = none was ever set
demo-refused = refused, { $status } { $code }
demo-crashed = the portal failed, 500
demo-disturbed-reset-before = not done, the connection broke
demo-disturbed-reset-after = done, but the connection broke before the answer
demo-disturbed-silence = not done, and no answer
demo-disturbed-late = done, but the answer is slow
demo-disturbed-truncated = done, but the answer is cut off
demo-disturbed-page = a web page instead of an answer
demo-disturbed-garbage = an unreadable answer
demo-disturbed-huge = an answer that is far too long
demo-disturbed-redirect = not done, sent to another address
demo-disturbed-unfamiliar = a status that this version does not know

demo-holds = The portal now holds: { $status }
demo-holds-idle =
    The portal now holds: { $status }, idle for { $minutes ->
        [one] { $minutes } minute
       *[other] { $minutes } minutes
    }
demo-holds-nothing = no status

demo-unknown-word = There is no word “{ $word }” here. Type one of: { $words }.
demo-which-status = Type elsewhere and one of: { $words }.
demo-which-fault = Type fault and one of: { $words }.

demo-told-choose = You choose { $status }.
demo-told-idle = Pretending that nobody has touched the keyboard for a while.
demo-told-back = Pretending that somebody is at the keyboard again.
demo-told-lock = Pretending that the screen was locked.
demo-told-unlock = Pretending that the screen was unlocked.
demo-told-elsewhere = Somebody sets { $status } in the web version. The app sees it the next time it asks.
demo-told-fault = From now on: { $fault }. Type heal to end it.
demo-told-heal = The portal works normally again.
demo-told-oauth = An administrator makes an application on the portal. From another terminal you can sign in with it in the browser:
demo-told-quit = The trial run ends.

demo-help-choose = choose a status, as in the menu
demo-help-idle = pretend that nobody has touched the keyboard for a while
demo-help-back = pretend that somebody is at the keyboard again
demo-help-lock = pretend that the screen was locked
demo-help-unlock = pretend that the screen was unlocked
demo-help-elsewhere = change the status as if in the web version or on the phone
demo-help-heal = end whatever is wrong with the portal
demo-help-oauth = make an application, to sign in with in the browser
demo-help-help = show this list
demo-help-quit = end the trial run

demo-fault-offline = the portal cannot be reached
demo-fault-reset = the portal does what it is asked, but the connection breaks before the answer
demo-fault-silence = the portal does nothing and does not answer
demo-fault-slow = every answer takes three seconds
demo-fault-cut = answers end in the middle
demo-fault-busy = the portal gets too many requests
demo-fault-limit = the time allowed for requests is used up
demo-fault-server = the portal has an internal error
demo-fault-page = a sign-in page of the network answers instead of the portal
demo-fault-garbage = answers are unreadable
demo-fault-huge = answers are far too long
demo-fault-revoked = the webhook was deleted
demo-fault-scope = the webhook may not use the chat
demo-fault-dismissed = the person was dismissed
demo-fault-plan = the portal’s plan does not include REST
demo-fault-closed = the portal is closed
demo-fault-moved = the portal sends everybody to another address
demo-fault-unfamiliar = the portal names a status that this version does not know

# The page in the browser on which a person lets an application in.
demo-consent-title = Let { $application } in?
demo-consent-who = You are { $name } on { $portal }, the trial portal of b24status on this computer.
demo-consent-what = { $application } asks to act for you there, with these permissions: { $scope }.
demo-consent-allow = Allow
demo-consent-cancel = Cancel
demo-consent-cancelled = Nothing was let in. You can close this page.
demo-consent-unknown = There is no such application on this portal. Check the client_id.
