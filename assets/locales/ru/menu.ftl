# Подсказка значка в трее и его меню. Подписи должны быть короткими: меню узкое.

app-name = Статус для Битрикс24

## Статусы: так их называет Битрикс24

status-online = Онлайн
status-dnd = Не беспокоить
status-away = Отошёл
status-break = Перерыв
status-unknown = Статус неизвестен

status-unfamiliar = «{ $word }» (задан в другом месте)

status-until = { $status } до { $time }
status-until-then = { $status } до { $time }, затем «{ $next }»
status-idle = { $status } · неактивен
status-pending = { $status } · ждём ответа портала
status-last-known = { $status } · по последним данным

## Кто и почему

who = { $name } · { $portal }
who-more = { $count ->
    [one] { $name } · { $portal } и ещё { $count } портал
    [few] { $name } · { $portal } и ещё { $count } портала
   *[many] { $name } · { $portal } и ещё { $count } порталов
}
who-nobody = Вход не выполнен
who-nobody-remedy = Чтобы войти, запустите: b24status login --webhook -

idle-since = Неактивен с { $time } · { $reason }
idle-elsewhere = На портале стоит отметка «неактивен»
idle-soon = Неактивен с { $time } · { $reason } · ждём ответа портала
idle-ending = С возвращением · ждём ответа портала
idle-unsent = Вас нет за компьютером с { $time } · { $reason } · отметки на портале нет
idle-kept = Вас нет за компьютером с { $time } · «{ $status }» остаётся
reason-input = клавиатура и мышь не используются
reason-locked = экран заблокирован
reason-asleep = компьютер спит

choice-waits = «{ $status }» отправим при первой возможности
accounts-differ = Пока не на всех порталах одинаково

trouble = { $portal }: { $sentence }
trouble-offline = Нет связи
trouble-keyring = Связка ключей заблокирована
trouble-signed-out = Вход не выполнен
trouble-blocked = Портал отклоняет запросы
trouble-more = { $count ->
    [one] и ещё { $count } портал с ошибкой
    [few] и ещё { $count } портала с ошибкой
   *[many] и ещё { $count } порталов с ошибкой
}
storage-failing = Не удаётся записать на диск, поэтому отметка «неактивен» не ставится: проверьте свободное место

## Пункты меню

item-signed-out = { $item } · сначала войдите
item-sign-in = Войти…
item-dnd = Не беспокоить · без уведомлений

item-while = На время
item-for = { $status }: { $duration }
item-tomorrow = { $status }: до завтра, 9:00

item-idle = Отмечать неактивность автоматически
item-idle-after = { $minutes ->
    [one] Отмечать неактивность через { $minutes } минуту бездействия
    [few] Отмечать неактивность через { $minutes } минуты бездействия
   *[many] Отмечать неактивность через { $minutes } минут бездействия
}
item-idle-none = Отмечать неактивность автоматически · здесь не видно, когда вас нет
item-idle-looking = Отмечать неактивность автоматически · запускается…

item-fixed = { $item } · задано администратором

item-autostart = Запускать при входе в систему
item-autostart-unavailable = Запускать при входе в систему · здесь недоступно

item-unlock = Разблокировать связку ключей…

item-journal = Что произошло
journal-empty = Пока ничего
journal-source = Ваше отсутствие замечается через { $source }
item-check = Проверить портал сейчас

item-journal-all = Показать всё…

item-settings = Настройки…
item-quit = Выйти

# In the program of the keyring, for whoever looks there.
keyring-label = Статус для Битрикс24: { $name } · { $portal }
