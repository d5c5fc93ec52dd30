# `b24status demo`: что печатается в терминале. Слова, которые вводит человек, не переводятся.

demo-person-name = Иван
demo-person-last-name = Петров

demo-welcome =
    Это пробный запуск. b24status работает с маленьким собственным Битрикс24 на этом компьютере: наружу ничего не уходит и ничего не сохраняется.
    Ниже печатается каждый запрос, который туда пришёл. Пользуйтесь значком в трее или введите слово и нажмите Enter:
    online, dnd, away, break, idle, back, quit. Слово help покажет все.
demo-without-tray = Сейчас на этом рабочем столе негде показать значок. Отсюда всё равно всё работает.

# Один запрос: «12:04:31  Приложение ставит статус dnd: готово   (im.user.status.set STATUS=dnd)»
demo-arrival = { $time }  { $what }: { $outcome }   ({ $call })
demo-what-profile = Приложение спрашивает, от чьего имени работает
demo-what-scope = Приложение спрашивает, что ему разрешено
demo-what-method = Приложение спрашивает, есть ли на портале метод
demo-what-time = Приложение спрашивает время портала
demo-what-get = Приложение спрашивает статус
demo-what-set = Приложение ставит статус { $status }
demo-what-idle-start =
    Приложение отмечает, что вас нет на месте уже { $minutes ->
        [one] { $minutes } минуту
        [few] { $minutes } минуты
       *[other] { $minutes } минут
    }
demo-what-idle-end = Приложение снимает отметку об отсутствии
demo-what-consent = Браузер открывает страницу, на которой дают доступ приложению
demo-what-allow = Вы даёте приложению доступ
demo-what-cancel = Вы не даёте приложению доступ
demo-what-exchange = Приложение просит первые токены
demo-what-refresh = Приложение просит новые токены
demo-what-unknown = Кто-то просит то, чего на этом портале нет

demo-answered = { $answer }
demo-answered-done = готово
demo-answered-somehow = ответ получен
demo-answered-never-set = ещё ни разу не ставили
demo-refused = отказ, { $status } { $code }
demo-crashed = сбой портала, 500
demo-disturbed-reset-before = не выполнено, соединение оборвалось
demo-disturbed-reset-after = выполнено, но соединение оборвалось до ответа
demo-disturbed-silence = не выполнено, ответа нет
demo-disturbed-late = выполнено, но ответ идёт медленно
demo-disturbed-truncated = выполнено, но ответ оборван
demo-disturbed-page = вместо ответа веб-страница
demo-disturbed-garbage = ответ не прочитать
demo-disturbed-huge = ответ слишком длинный
demo-disturbed-redirect = не выполнено, отправлено на другой адрес
demo-disturbed-unfamiliar = статус, которого эта версия не знает

demo-holds = Теперь на портале: { $status }
demo-holds-idle =
    Теперь на портале: { $status }, нет на месте { $minutes ->
        [one] { $minutes } минуту
        [few] { $minutes } минуты
       *[other] { $minutes } минут
    }
demo-holds-nothing = статуса нет

demo-unknown-word = Слова «{ $word }» здесь нет. Введите одно из этих: { $words }.
demo-which-status = Введите elsewhere и одно из слов: { $words }.
demo-which-fault = Введите fault и одно из слов: { $words }.

demo-told-choose = Вы выбрали { $status }.
demo-told-idle = Как будто за клавиатурой давно никого нет.
demo-told-back = Как будто за клавиатурой снова кто-то есть.
demo-told-lock = Как будто экран заблокировали.
demo-told-unlock = Как будто экран разблокировали.
demo-told-elsewhere = Кто-то ставит { $status } в веб-версии. Приложение увидит это, когда спросит в следующий раз.
demo-told-fault = С этого момента: { $fault }. Чтобы прекратить, введите heal.
demo-told-heal = Портал снова работает как обычно.
demo-told-oauth = Администратор добавляет на портал приложение. С ним можно войти через браузер из другого терминала:
demo-told-quit = Пробный запуск окончен.

demo-help-choose = выбрать статус, как в меню
demo-help-idle = как будто за клавиатурой давно никого нет
demo-help-back = как будто за клавиатурой снова кто-то есть
demo-help-lock = как будто экран заблокировали
demo-help-unlock = как будто экран разблокировали
demo-help-elsewhere = сменить статус, как будто в веб-версии или с телефона
demo-help-heal = починить портал, что бы с ним ни было
demo-help-oauth = добавить приложение, чтобы войти через браузер
demo-help-help = показать этот список
demo-help-quit = закончить пробный запуск

demo-fault-offline = портал недоступен
demo-fault-reset = портал выполняет просьбу, но соединение обрывается до ответа
demo-fault-silence = портал ничего не делает и не отвечает
demo-fault-slow = каждый ответ идёт три секунды
demo-fault-cut = ответы обрываются на середине
demo-fault-busy = на портал приходит слишком много запросов
demo-fault-limit = время, отведённое на запросы, исчерпано
demo-fault-server = на портале внутренняя ошибка
demo-fault-page = вместо портала отвечает страница входа в сеть
demo-fault-garbage = ответы не прочитать
demo-fault-huge = ответы слишком длинные
demo-fault-revoked = вебхук удалён
demo-fault-scope = вебхуку не разрешён чат
demo-fault-dismissed = сотрудник уволен
demo-fault-plan = в тариф портала не входит REST
demo-fault-closed = портал закрыт
demo-fault-moved = портал отправляет всех на другой адрес
demo-fault-unfamiliar = портал называет статус, которого эта версия не знает

# Страница в браузере, на которой человек даёт доступ приложению.
demo-consent-title = Дать доступ приложению { $application }?
demo-consent-who = Вы — { $name } на { $portal }, пробном портале b24status на этом компьютере.
demo-consent-what = { $application } просит работать там от вашего имени, права: { $scope }.
demo-consent-allow = Разрешить
demo-consent-cancel = Отмена
demo-consent-cancelled = Доступ не дан. Эту страницу можно закрыть.
demo-consent-unknown = Такого приложения на этом портале нет. Проверьте client_id.
