# Журнал: что изменилось, когда и почему. Здесь же время, даты и длительности.

# Строка: что изменилось · причина. Причины начинаются со строчной буквы.
journal-because = { $what } · { $because }
journal-at = { $time }  { $line }
journal-account = { $line } ({ $account })

journal-chosen-until = { $status } до { $time }
journal-adopted = { $status }, как на портале
journal-confirmed = На портале установлен статус «{ $status }»
journal-went-absent = Вы отошли от компьютера
journal-came-back = Вы вернулись
journal-marked-idle = { $minutes ->
    [one] На портале стоит отметка «неактивен», уже { $minutes } минуту
    [few] На портале стоит отметка «неактивен», уже { $minutes } минуты
   *[many] На портале стоит отметка «неактивен», уже { $minutes } минут
}
journal-unmarked-idle = На портале снята отметка «неактивен»
journal-recovered = Портал снова доступен
journal-not-saved = Не удалось сохранить состояние: пока это так, отметка «неактивен» не ставится. Проверьте, есть ли место на диске.
journal-started = Программа запущена
journal-ended = Программа закрыта

journal-by-hand = выбрано вручную
journal-end-reached = выбранное время истекло
journal-changed-elsewhere = изменено в браузере, на телефоне или на другом компьютере
journal-first-read = первое обращение к порталу
journal-choice = ваш выбор
journal-input-resumed = снова используется клавиатура или мышь
journal-unlocked = экран разблокирован
journal-left-behind = осталось с прошлого запуска программы
journal-quit = программа закрыта

## Время. $hour и $minute записаны цифрами.

time-24 = { $hour }:{ $minute }
time-am = { $hour }:{ $minute } AM
time-pm = { $hour }:{ $minute } PM
time-tomorrow = завтра, { $time }
time-yesterday = вчера, { $time }
time-on-day = { $date }, { $time }
time-unknown = в неизвестное время
time-date = { $day } { $month ->
    [1] января
    [2] февраля
    [3] марта
    [4] апреля
    [5] мая
    [6] июня
    [7] июля
    [8] августа
    [9] сентября
    [10] октября
    [11] ноября
   *[other] декабря
}
time-date-year = { time-date } { $year } г.

time-days = { $count ->
    [one] { $count } день
    [few] { $count } дня
   *[many] { $count } дней
}
time-hours = { $count ->
    [one] { $count } час
    [few] { $count } часа
   *[many] { $count } часов
}
time-minutes = { $count ->
    [one] { $count } минута
    [few] { $count } минуты
   *[many] { $count } минут
}
time-seconds = { $count ->
    [one] { $count } секунда
    [few] { $count } секунды
   *[many] { $count } секунд
}

time-not-a-time = «{ $found }» — не время. Напишите, например, 15:00, «завтра 9:00» или 2026-11-21T15:00.
time-not-a-duration = «{ $found }» — не длительность. Напишите, например, 30m, 1h или 1h30m.
time-past = «{ $found }» уже прошло. Выберите время, которое ещё не наступило.
time-too-long = «{ $found }» — больше чем через год. Выберите более ранний срок или не указывайте его.
