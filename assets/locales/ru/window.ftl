# Окно: вход, учётные записи, настройки, проверка, о программе.

## Везде

window-title = Статус для Битрикс24
window-pages = Страницы
window-accounts = Аккаунты
window-settings = Настройки
window-journal = Журнал
window-doctor = Проверка
window-about = О программе
window-next = Далее
window-back = Назад
window-cancel = Отмена
window-close = Закрыть
window-copy = Скопировать
window-copy-address = Скопировать
window-copied = Скопировано.
window-reveal = Показать введённое
window-less = На один меньше
window-more = На один больше
window-trying = Обращаемся к порталу…

## Без программы. $what — версия, путь или что случилось.

window-no-app = Программа b24status не запущена
window-starting = Запускаем b24status…
window-start-app = Запустить b24status
window-not-running = Программа b24status не запущена, а окно работает через неё. Запустите её: всё введённое сохранится.
window-lost = Программа b24status завершилась. Всё введённое на месте; окно продолжит работу, как только она снова запустится.
window-not-started = Не удалось запустить b24status ({ $what }). Запустите программу из меню рабочего стола; если не поможет, переустановите её.
window-other-version = Запущена другая версия b24status ({ $what }). Закройте её через меню значка, запустите b24status снова и откройте окно оттуда.
window-foreign = { $what } принадлежит другому пользователю, поэтому b24status этим не пользуется. Попросите администратора удалить.
window-no-answer = Программа b24status ответила не так, как должна ({ $what }). Закройте её и запустите снова.

## Вход: портал

address-title = Какой у вас Битрикс24?
address-what = Скопируйте адрес из браузера, в котором вы пользуетесь Битрикс24, и вставьте сюда. Подойдёт любая страница портала.
address-label = Адрес вашего Битрикс24
address-hint = Если у вас уже есть адрес входящего вебхука, вставьте его.

## Вход: способ

way-title = Как вы хотите войти?
way-webhook = Через вебхук
way-webhook-what = Вы создаёте его на портале сами, за минуту, если портал это разрешает. Это адрес, который знаете только вы.
way-webhook-choose = Войти через вебхук
way-oauth = Через браузер
way-oauth-what = Вы входите в Битрикс24 как обычно. Для этого администратор один раз создаёт на портале локальное приложение и даёт вам два его ключа.
way-oauth-choose = Войти через браузер

webhook-title = Вход через вебхук
webhook-step-open = Откройте на портале «Разработчикам», затем «Другое», «Входящий вебхук».
webhook-open = Открыть эту страницу в браузере
webhook-step-tick = В настройке прав выберите «Чат и уведомления (im)» и сохраните.
webhook-step-copy = Скопируйте адрес вебхука кнопкой рядом с ним и вставьте его ниже.
webhook-label = Адрес вебхука
webhook-hint = Он хранится в связке ключей этого компьютера и отправляется только на ваш портал.
webhook-try = Проверить

application-title = Вход через браузер
application-step-open = Администратор открывает на портале «Разработчикам», затем «Другое», «Локальное приложение».
application-open = Открыть эту страницу в браузере
application-step-fill = Это серверное приложение, которое использует только API, с правом «Чат и уведомления (im)». В поле «Путь вашего обработчика» нужно вставить:
application-redirect = Путь обработчика
application-step-copy = После сохранения портал покажет два ключа. Вставьте их сюда.
application-id = Код приложения (client_id)
application-secret = Ключ приложения (client_secret)
application-secret-hint = Он хранится в связке ключей этого компьютера.
application-port = Порт
application-port-hint = Число от 1024 до 65535. В пути обработчика в карточке приложения должно стоять то же число.
application-go = Открыть браузер

browser-title = Войдите в браузере
browser-opened = В браузере открыт ваш портал. Войдите там и разрешите доступ; дальше окно продолжит само.
browser-not-opened = Браузер не открылся. Скопируйте адрес ниже и откройте его в браузере; дальше окно продолжит само.
browser-waiting = Ждём браузер. Это займёт не больше пяти минут.
browser-open-again = Открыть браузер ещё раз
browser-again = Попробовать ещё раз
browser-address = Адрес для браузера
browser-address-hint = Для другого браузера или если ни один не открылся.
browser-code = Код из браузера
browser-code-hint = Если вместо «готово» браузер показывает ошибку, скопируйте весь адрес из адресной строки и сразу вставьте сюда: он действует 30 секунд.
browser-code-use = Использовать

## Вход: кто это. $what — имя и портал.

whose-title = Это вы?
whose-person = Вы — { $what }
whose-known = Эта учётная запись здесь уже есть. Способ входа будет заменён.
whose-stored = Если вы согласитесь, данные для входа сохранятся в связке ключей этого компьютера.
whose-storing = Сохраняем…
whose-yes = Да, это я
whose-no = Нет, это не я
whose-somebody-else-webhook = Этот вебхук принадлежит другому человеку. Войдите на портал под своим именем, создайте свой вебхук и вставьте его адрес.
whose-somebody-else-oauth = В браузере на портал вошёл другой человек. Выйдите там, войдите под своим именем и попробуйте ещё раз.

## Вход: что делает отметка «неактивен». $what — минуты.

idle-title = Когда вас нет на месте
idle-when = { $what ->
    [one] Когда клавиатура и мышь не используются { $what } минуту или экран заблокирован, b24status может ставить на портале отметку «неактивен». Когда вы вернётесь, отметка снимется.
    [few] Когда клавиатура и мышь не используются { $what } минуты или экран заблокирован, b24status может ставить на портале отметку «неактивен». Когда вы вернётесь, отметка снимется.
   *[many] Когда клавиатура и мышь не используются { $what } минут или экран заблокирован, b24status может ставить на портале отметку «неактивен». Когда вы вернётесь, отметка снимется.
}
idle-then = Пока стоит отметка «неактивен»:
idle-phone = уведомления приходят на телефон;
idle-channels = открытые линии могут обходить вас;
idle-work-time = если в компании ведётся учёт рабочего времени, может быть записано отсутствие.
idle-on = Отмечать неактивность автоматически
idle-off = Не отмечать
idle-later = Изменить это можно в любой момент: в меню значка и в настройках.

login-title = Запуск вместе с компьютером
login-what = Статус остаётся верным, только пока b24status работает.
login-on = Запускать при входе в систему
login-off = Я буду запускать сам

done-title = Готово
done-tray = Теперь ваш статус — в области уведомлений: нажмите на значок, чтобы его сменить.
done-close = Это окно можно закрыть. Оно снова откроется из меню значка.
done-accounts = Показать мои аккаунты

## Что помогает. $what — имя сервера.

ca-file-label = Файл сертификата вашей компании
ca-file-hint = Полный путь к файлу с сертификатом ЦС (PEM). Он есть у администратора.
remedy-agree = Да, отправить ключ на { $what }
remedy-unlock = Разблокировать связку ключей

## Аккаунты

home-title = Ваши аккаунты
home-connected = На связи
home-keyring-locked = Связка ключей с вашими данными для входа заблокирована. Разблокируйте её.
home-signed-out = Данных для входа больше нет. Войдите ещё раз.
home-mark-idle = Отмечать неактивность и здесь
home-recheck = Проверить сейчас
home-asking = Обращаемся…
home-sign-in-again = Войти ещё раз
home-ca-file = Файл сертификата…
home-ca-file-use = Использовать этот файл
home-sign-out = Выйти
home-sign-out-webhook = Выйти здесь? Данные для входа будут удалены с этого компьютера. Сам вебхук останется на портале; если он не нужен, удалите его там.
home-sign-out-oauth = Выйти здесь? Данные для входа будут удалены с этого компьютера.
home-sign-out-yes = Да, выйти
home-add = Добавить аккаунт
home-many = Если аккаунтов несколько, выбранный статус ставится на всех порталах.

## Настройки

settings-fixed = Это задал ваш администратор.
settings-idle = Когда вас нет на месте
settings-mark-idle = Отмечать неактивность автоматически
settings-idle-minutes = Через сколько минут без клавиатуры и мыши
settings-minutes-range = Напишите целое число от 1 до 240.
settings-over = Только при статусе:
settings-over-hint = Статус без галочки остаётся как есть, когда вас нет.
settings-on-lock = Сразу, когда экран заблокирован
settings-inhibitors = Не во время видео, звонков и презентаций
settings-durations = Длительности в меню
settings-durations-hint = То, что меню предлагает в пункте «На время».
settings-duration-remove = Убрать
settings-duration-new = Ещё одна, например 45 или 1h30m
settings-duration-add = Добавить
settings-duration-wrong = Напишите минуты, от 1 до 1440, например 45, или 1h30m.
settings-language = Язык
settings-language-system = Как в системе
settings-language-english = English
settings-language-russian = Русский
settings-system = На этом компьютере
settings-autostart = Запускать при входе в систему
settings-autostart-unavailable = Здесь это не переключается. Причину называет «b24status doctor».
settings-oauth-port = Порт для входа через браузер
settings-oauth-port-hint = Тот же, что в карточке вашего локального приложения.
settings-port-range = Напишите целое число от 1024 до 65535.
settings-file = Файл настроек
settings-no-file = Это демонстрация: настройки не сохраняются.

## Проверка

doctor-title = Проверка всех частей
doctor-what = Здесь видно, что работает, что нет и что делать. Названы серверы ваших порталов; вебхуков, вашего имени и домашней папки здесь нет, так что текст можно вставить в обращение.
doctor-run = Проверить ещё раз
doctor-running = Проверяем. Если портал не отвечает, это может занять минуту.
doctor-report = Отчёт
doctor-failed = Проверку не удалось запустить ({ $what }). Если это повторяется, переустановите b24status.

## О программе. $what — версия.

about-version = Версия { $what }
about-running = Запущена версия { $what }. Закройте её и запустите снова.
about-what = Ваш статус в Битрикс24 — в области уведомлений, с автоматической отметкой неактивности.
about-trademark = Независимая программа. Битрикс24 — товарный знак своего владельца.
about-licence = Лицензия
about-licence-ours = MIT или Apache-2.0, на ваш выбор:
about-slint = Сделано на Slint
about-others = Из чего сделано
about-others-what = b24status опирается на труд многих людей. У каждой части своя лицензия.
about-others-show = Показать все части и их лицензии

### Журнал.

journal-page-kept = Что произошло и почему. Эта запись остаётся на этом компьютере: она хранится 30 дней и никуда не отправляется.
journal-page-empty = Пока ничего не произошло, или журнал очищен.

journal-page-scope = Показать
journal-page-day = День
journal-page-week = Неделя
journal-page-account = Аккаунт
journal-page-earlier = Раньше
journal-page-later = Позже
journal-page-chart = Статус по времени,
journal-page-hint = Наведите указатель на картину или пройдите по ней клавишами со стрелками, чтобы прочитать, что было, когда и почему.

## Отрезок времени: «14:02–14:40 Отошёл · неактивен: экран заблокирован · выбрано вручную».
journal-page-stretch = { $from }–{ $to } { $what }
journal-page-stretch-open = с { $from }: { $what }
journal-page-idle = неактивен: { $reason }
journal-page-idle-alone = неактивен
journal-page-pending = портал не подтвердил
journal-page-status-unknown = Статус неизвестен
journal-page-not-running = Программа не работала
journal-page-untold = Неизвестно: программа завершилась внезапно
# Стоит перед отрезком, когда показано несколько дней или аккаунтов.
journal-page-of = { $band }: { $stretch }

journal-page-legend-idle = неактивен
journal-page-legend-pending = не подтверждён
journal-page-legend-failed = портал недоступен
journal-page-legend-gap = ничего не известно
journal-page-legend-now = сейчас

journal-page-entries = Записи
journal-page-search = Поиск
journal-page-kinds = Какие записи
journal-page-all = Все
journal-page-choices = Статусы
journal-page-absences = Неактивность
journal-page-errors = Неполадки
journal-page-count = { $count ->
    [0] Записей нет
    [one] { $count } запись
    [few] { $count } записи
   *[many] { $count } записей
}
journal-page-copy = Копировать эти записи
journal-page-clear = Очистить журнал…
journal-page-clear-question = Удалить все записи журнала? Вернуть их будет нельзя.
journal-page-clear-yes = Удалить все
journal-page-clear-no = Оставить

## $day — число, 1 — понедельник.
journal-page-weekday = { $day ->
    [1] Понедельник
    [2] Вторник
    [3] Среда
    [4] Четверг
    [5] Пятница
    [6] Суббота
   *[other] Воскресенье
}
journal-page-weekday-short = { $day ->
    [1] пн
    [2] вт
    [3] ср
    [4] чт
    [5] пт
    [6] сб
   *[other] вс
} { $number }
journal-page-date = { $weekday }, { $date }
journal-page-period = { $from } – { $to }
