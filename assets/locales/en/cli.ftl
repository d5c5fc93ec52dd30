# The command line: its answers, its errors, and what is wrong with the settings file.

## The settings file

settings-broken = Line { $line } of { $path } cannot be read ({ $reason }). The file is left as it is, and the standard settings are used; correct the line.
settings-unreadable = { $path } cannot be read ({ $reason }). The standard settings are used; check the file's permissions.
settings-newer = { $path } was written by a newer version of b24status (file version { $version }). What this version understands is used, and the file is left as it is; update b24status to change settings.
settings-value = Line { $line } of { $path }: “{ $key }” is { $found }, which is not possible. It can be { $allowed }. The standard value is used until then.
settings-unknown-key = Line { $line } of { $path }: there is no setting “{ $key }”. Check its spelling.
settings-allowed-yes-no = true or false
settings-allowed-minutes = a whole number from 1 to 240
settings-allowed-statuses = a list with some of { $words }
settings-allowed-words = one of { $words }
settings-allowed-version = a whole number, 1 or more
settings-allowed-text = a text in quotation marks
settings-allowed-section = a section
settings-allowed-sections = a list of sections, each with an “id”
settings-kept-aside = The old settings file could not be read; it is kept as { $path }.
settings-not-saved-newer = The settings were not saved: a newer version of b24status wrote the file (file version { $version }). Update b24status.
storage-full = { $path } could not be saved: the disk is full. Make room and try again; nothing that was there is lost.
storage-read-only = { $path } could not be saved: it is on a disk that can only be read. Nothing that was there is lost.
storage-denied = { $path } could not be saved: access was denied. Check the permissions of its folder; nothing that was there is lost.
storage-failed = { $path } could not be saved ({ $reason }). Nothing that was there is lost.
