# Что говорит `b24status doctor`. Каждая строка говорит, как обстоят дела; если что-то не так — и что делать.

doctor-fit-to-paste = Можно приложить к заявке: названы адреса ваших порталов, а вебхуков, токенов, вашего имени и домашней папки здесь нет.
doctor-ok = в порядке
doctor-problem = проблема
doctor-unknown = неизвестно
doctor-all-ok = Всё в порядке.
doctor-no-problem = Проблем не найдено; проверить удалось не всё.
doctor-some-problem = Есть что исправить: смотрите строки с пометкой «проблема».
doctor-not-looked-at = Проверить не удалось, причина указана выше.

## Что проверяется

doctor-name-app = Программа
doctor-name-tray-host = Область уведомлений
doctor-name-idle-source = Клавиатура и мышь
doctor-name-lock-source = Блокировка экрана
doctor-name-sleep-source = Сон
doctor-name-autostart = Запуск при входе
doctor-name-settings = Файл настроек
doctor-name-storage = Хранение
doctor-name-keyring = Связка ключей
doctor-name-account = Вход
doctor-name-proxy = Прокси
doctor-name-tls = Шифрование
doctor-name-portal = Портал
doctor-name-scopes = Права
doctor-name-methods = Статусы чата
doctor-name-clock = Часы
doctor-name-connection = Связь программы

## Запущенная программа

doctor-app-running = b24status { $version } запущена и отвечает.
doctor-app-not-running = b24status не запущена. Запустите её командой «b24status»; до тех пор само ничего не происходит.
doctor-app-ending = b24status как раз завершает работу. Повторите через минуту.
doctor-app-other-version = Запущена другая версия b24status ({ $version }). Завершите её командой «b24status quit» или в её меню и запустите эту.
doctor-app-foreign = { $path } принадлежит другому пользователю, поэтому b24status этим не пользуется. Попросите администратора убрать это.
doctor-app-mute = Запущенная b24status не отвечает. Подождите немного; если не поможет, завершите её и запустите снова.

## Рабочий стол

doctor-tray-host-present = Рабочий стол показывает значки программ.
doctor-tray-host-absent = На рабочем столе нет места для значка. Добавьте на панель область уведомлений; в GNOME включите расширение «AppIndicator and KStatusNotifierItem Support». До тех пор пользуйтесь командной строкой.
doctor-tray-host-no-bus = Нет сеансовой шины, а без неё нет и значка. Запускайте b24status из сеанса рабочего стола, а не через ssh или sudo.
doctor-tray-host-no-answer = Сеансовая шина не отвечает. Если не пройдёт, выйдите из системы и войдите снова.

doctor-idle-source-using = Видны через { $source }.
doctor-idle-source-none = Здесь ничто не сообщает, что за клавиатурой никого нет ({ $reasons }), поэтому без ввода вы не отмечаетесь как неактивный. В Wayland нужен рабочий стол с ext-idle-notify (KDE Plasma, Sway, Hyprland) или GNOME; через ssh это невозможно.
doctor-idle-source-unsupported = В этой системе b24status пока не видит клавиатуру и мышь, поэтому без ввода вы не отмечаетесь как неактивный. Выбирайте статус вручную.
doctor-idle-source-no-answer = Рабочий стол не отвечает. Повторите; если не поможет, выйдите из системы и войдите снова.
doctor-obstacle-absent = не входит в этот сеанс
doctor-obstacle-unreachable = не отвечает
doctor-obstacle-not-offered = рабочий стол этого не предлагает
doctor-obstacle-inside-wayland = внутри Wayland видны только старые программы
doctor-obstacle-lost = только что пропал

doctor-lock-source-screensaver = О ней сообщает { $source }.
doctor-lock-source-login-service = О ней сообщает служба входа.
doctor-lock-source-system = О ней сообщает система.
doctor-lock-source-refused = Система не сообщает b24status о блокировке экрана; вы отмечаетесь как неактивный только без ввода. Выйдите из системы и войдите снова.
doctor-lock-source-untold = О ней сообщила бы служба входа, но рабочий стол ей пока ничего не говорил. Заблокируйте экран один раз и проверьте снова.
doctor-lock-source-absent = Здесь ничто не сообщает о блокировке экрана; вы отмечаетесь как неактивный только без ввода. Используйте блокировку, которая сообщает службе входа, например через «loginctl lock-session».
doctor-lock-source-no-answer = Система не отвечает. Повторите; если не поможет, перезагрузите компьютер.

doctor-sleep-source-delayed = О нём сообщает служба входа и ждёт, пока об этом узнает портал.
doctor-sleep-source-system = О нём сообщает система и ждёт мгновение, чтобы об этом узнал портал.
doctor-sleep-source-announced = О нём сообщает служба входа, но не ждёт: портал может узнать об этом с опозданием.
doctor-sleep-source-absent = Здесь ничто не сообщает, что компьютер засыпает; вы отмечаетесь как неактивный только без ввода. Об этом сообщила бы служба входа (systemd-logind или elogind).
doctor-sleep-source-no-answer = Система не отвечает. Повторите; если не поможет, перезагрузите компьютер.

doctor-autostart-on = Включён.
doctor-autostart-off = Выключен.
doctor-autostart-elsewhere = Запускается (или запускался бы) другой файл программы: { $path }. Чтобы запускалась эта, выполните «b24status autostart on».
doctor-autostart-no-place = В этой системе нет места для него, известного b24status.
doctor-autostart-unspeakable = Система не может запустить программу по пути { $path }. Перенесите её в папку с простым именем.
doctor-autostart-refused = Не разрешён в настройках системы. Откройте «Системные настройки» → «Основные» → «Объекты входа» и разрешите b24status.
doctor-autostart-too-long = Windows запускает программы, путь к которым не длиннее 258 знаков, а { $path } длиннее. Перенесите программу в папку с более коротким путём.
doctor-autostart-unreadable = { $path } не удаётся прочитать или записать ({ $reason }). Проверьте права.

## Файлы

doctor-settings-read = Прочитан без ошибок.
doctor-settings-none-yet = Его нет; действуют стандартные настройки.
doctor-storage-working = Ваш выбор и журнал сохраняются.
doctor-storage-none-yet = Пока ничего не сохранялось.
doctor-storage-failing = { $path } использовать не удаётся ({ $reason }), и ваш выбор не переживёт следующего запуска. Проверьте диск и права.
doctor-storage-app-failing = Запущенная программа не может сохранить ваш выбор, и он не переживёт следующего запуска. Освободите место на диске или перезапустите программу.

## Учётные записи

doctor-keyring-answers = Отвечает.
doctor-keyring-locked = Она заблокирована, а данные для входа в ней. Разблокируйте её: об этом просит пункт меню «Разблокировать связку ключей».
doctor-keyring-absent = Связка ключей недоступна, а больше секреты нигде не хранятся. Запустите её в своём сеансе, например gnome-keyring или KWallet.
doctor-keyring-no-session = Windows не хранит пароли для этого входа: он выполнен по сети или как служба, или это запрещает правило вашей организации. Войдите за самим компьютером или обратитесь к администратору.
doctor-keyring-failed = Отвечает не так, как должна. Повторите; если не поможет, выйдите из системы и войдите снова.
doctor-keyring-no-answer = Не ответила вовремя. Повторите; если не поможет, выйдите из системы и войдите снова.

doctor-account-not-signed-in = Никто не вошёл. Выполните «b24status login --webhook -» и вставьте адрес своего входящего вебхука.
doctor-account-kept = Данные для входа есть в связке ключей.
doctor-account-missing = Данных для входа больше нет в связке ключей. Войдите заново: «b24status login --webhook -».
doctor-account-unreadable = В связке ключей лежит не то, чем входит b24status. Войдите заново: «b24status login --webhook -».
doctor-account-not-told = Связка ключей не говорит, есть ли в ней данные для входа.

doctor-proxy-none = Нет; портал вызывается напрямую.
doctor-proxy-used = Портал вызывается через { $proxy }.

doctor-tls-trusted = Компьютер доверяет сертификату портала.
doctor-tls-not-needed = Не нужно: портал на этом же компьютере.

doctor-portal-answers = Отвечает, и учётная запись по-прежнему ваша.
doctor-portal-token-expired = Отвечает. Срок входа истёк, как и каждый час; он продлевается, когда нужен.

doctor-scopes-enough = Для b24status чат доступен ({ $scopes }).
doctor-scopes-im-missing = Для b24status чат недоступен (доступно: { $scopes }). Откройте вебхук или приложение на портале, отметьте «Чат и уведомления (im)» и сохраните.

doctor-methods-available = Портал их знает.
doctor-methods-missing = Портал не знает { $methods }: он устарел, или модуль чата выключен. Попросите администратора его обновить.
doctor-methods-out-of-reach = Для b24status недоступно: { $methods }. Откройте вебхук или приложение на портале, отметьте «Чат и уведомления (im)» и сохраните.

doctor-clock-agrees = Сходятся с часами портала.
doctor-clock-ahead = { $minutes ->
    [one] Часы компьютера спешат относительно портала на { $minutes } минуту. Включите автоматическую установку времени.
    [few] Часы компьютера спешат относительно портала на { $minutes } минуты. Включите автоматическую установку времени.
   *[other] Часы компьютера спешат относительно портала на { $minutes } минут. Включите автоматическую установку времени.
}
doctor-clock-behind = { $minutes ->
    [one] Часы компьютера отстают от портала на { $minutes } минуту. Включите автоматическую установку времени.
    [few] Часы компьютера отстают от портала на { $minutes } минуты. Включите автоматическую установку времени.
   *[other] Часы компьютера отстают от портала на { $minutes } минут. Включите автоматическую установку времени.
}

doctor-connection-ok = Подтвердила то, что показывает.
doctor-connection-offline = Портала пока не достигла.
doctor-connection-keyring-locked = Ждёт связку ключей. Разблокируйте её: об этом просит пункт меню «Разблокировать связку ключей».
doctor-connection-signed-out = Вход не выполнен. Войдите заново: «b24status login --webhook -».
doctor-connection-blocked = Портал ей отказал. Причину покажет «b24status why».
