# Failures of a portal, and what is wrong with what a person gave. Each is one sentence or two, and says what to do.

failure-unreachable = There is no connection to the portal. Check the network; it goes on by itself when the portal can be reached again.
failure-no-answer = The portal did not answer in time. It will be asked again by itself.
failure-server-trouble = The portal is in trouble. It will be asked again by itself; nothing needs to be done.
failure-unexpected-page = Something else answered instead of Bitrix24: a sign-in page of the network, a proxy or a maintenance page. Open the portal in a browser and look.
failure-too-busy = The portal asks for fewer requests for a while. It goes on by itself; nothing needs to be done.
failure-no-authorization-server = Bitrix24's authorization server cannot be reached at present, or is in trouble. It will be asked again by itself.
failure-no-keyring = The sign-in has to be renewed, and the keyring cannot keep the new one at present. Unlock the keyring; it goes on by itself.
failure-closed = The portal is closed for maintenance or was deleted. Ask your administrator if it stays so.

failure-credential-refused = The portal does not accept the webhook: it was deleted, has expired or was changed. Make a new inbound webhook on the portal and sign in with its address.
failure-dismissed = The portal no longer knows you as an active employee. Ask your administrator.
failure-another-person = The webhook now acts for somebody else. Make an inbound webhook of your own and sign in with its address.
failure-scope-missing = The webhook may not use the chat. Open it on the portal, tick “Chat and notifications (im)”, save, and sign in again with its address.
failure-plan-without-rest = The portal's plan does not include REST, or the subscription has ended. Ask your administrator to extend it.
failure-access-denied = The portal does not let you use REST. Ask your administrator for access.
failure-application-removed = The application was removed from the portal. Ask your administrator to install it again, then sign in.
failure-sign-in-expired = Your sign-in on the portal has ended. Sign in again in the browser.
failure-application-refused = Bitrix24 does not accept the application's id or secret. Compare both with the application's card on the portal, and sign in again.
failure-application-without-chat = The application may not use the chat. Ask your administrator to tick “Chat and notifications (im)” in the application's card, then sign in again.
failure-blocked-by-provider = Bitrix24's staff has blocked the requests of this portal. Ask your administrator to contact Bitrix24's support.
failure-https-required = The portal wants an encrypted connection. Sign in with an address that begins with https://.
failure-moved = The portal sends us on to { $to }; nothing secret was sent there. If this is the new address of your portal, sign in on it again.
failure-untrusted-certificate = This computer does not trust the portal's certificate. Check the date of the computer; for a portal of your company, ask your administrator for its CA file and sign in with --ca-file.

failure-method-missing = The portal does not know chat statuses: it is too old, or the chat module is off. Ask your administrator to update it.
failure-our-fault = The portal refused the request with the code { $code }. Please report this as a fault of b24status.
failure-our-fault-unnamed = The portal refused the request without saying why. Please report this as a fault of b24status.

address-empty = There is no address. Copy the address of your inbound webhook on the portal and paste it here.
address-lone-code = This is only a code. Copy the whole address of the inbound webhook; it begins with https://.
address-no-scheme = The address is not complete. Copy it as a whole; it begins with https://.
address-plain-http = The address begins with http://, and what you sign in with would travel unencrypted. Use the address with https://.
address-other-scheme = This is not the address of a webhook. It begins with https://.
address-not-an-address = This is not an address that can be read. Copy the address of the inbound webhook on the portal once more.
address-with-password = The address has a user name or password before the host. Remove them, up to and including the @.
address-too-long = This is too much text. Copy the address alone and paste it.
address-none = There is no address in this text. Paste the address of your portal as the browser shows it, or that of your inbound webhook.
address-bare-name = This is only a part of an address. Write all of it, as the browser shows it on the portal: for example acme.bitrix24.com.
address-email = This is an e-mail address. Paste the address of your portal, as the browser shows it: for example acme.bitrix24.com.
address-vendor-site = This is a site of Bitrix24 for everybody, not your portal. Sign in to Bitrix24 in the browser and copy the address that it shows then: for example acme.bitrix24.com.
address-several-portals = There are several addresses in this text. Paste only the one of your portal.
address-several-webhooks = There are several webhooks in this text. Paste the address of one: the one that you made.
address-webhook-page = This is the settings page of a webhook. If the webhook is yours, copy its own address from this page; it has /rest/ in it. If it is somebody else's, make one of your own: only the one who made a webhook sees its code.
address-outgoing-webhook = This belongs to an outbound webhook, which cannot set a status. Make an inbound webhook on the portal and copy its address.
address-portal-page = This is the page on which webhooks are made. Copy the webhook's own address from it; it has /rest/ in it.
address-no-rest = This is not the address of an inbound webhook: that has /rest/ in it. Copy it on the portal under Developer resources, Inbound webhook.
address-no-code = The address ends before the webhook's code. Copy it as a whole: https://…/rest/number/code/
address-hidden-code = The code in the address is hidden. Use the portal's own button to copy the address; only the one who made the webhook sees its code.
address-unreadable-code = The code in the address has characters that no code has. Copy the address on the portal once more.

application-no-id = The application's id (client_id) is missing. Copy it from the application's card on the portal; it begins with local.
application-odd-id = This is not an application's id. Copy the client_id from the application's card on the portal; it begins with local.
application-no-secret = The application's secret (client_secret) is missing. Copy it from the application's card on the portal.
application-odd-secret = This is not an application's secret. Copy the client_secret from the application's card on the portal, once and as a whole.
application-id-as-secret = This is the application's id once more. Copy the client_secret from the application's card on the portal; it stands below the id.

redirect-empty = There is no code. Copy the whole address that the browser shows at the end, and paste it here.
redirect-wrong-state = This is the answer to another sign-in. Copy the address that the browser shows at the end of this one.
redirect-no-code = There is no code in this address. Sign in on the portal, allow the application, and copy the address that the browser shows after that.
redirect-other-portal = The answer came from another portal, { $domain }. Sign in in the browser on the portal that you named, or begin again with that one.
redirect-refused = The portal did not let the application in ({ $code }). Ask your administrator whether you may use it, and sign in again.
redirect-not-understood = This is neither a code nor the address with one. Copy the whole address that the browser shows at the end.

redirect-page-taken = Bitrix24 has answered
redirect-page-taken-hint = You can close this tab and go back to Status for Bitrix24.
redirect-page-foreign = This is not the sign-in that is waited for
redirect-page-foreign-hint = The answer belongs to another sign-in, perhaps an older tab. Finish the newest one, or begin again in Status for Bitrix24.
redirect-page-nothing = There is nothing here
redirect-page-nothing-hint = Status for Bitrix24 waits here for the portal's answer to a sign-in. Sign in on the portal, or begin again in Status for Bitrix24.

sign-in-not-listening = Port { $port } of this computer is in use by another program, so the answer of the browser will not be heard. Paste the address that the browser shows at the end, or choose another port, here and in the application's card.
sign-in-timed-out = Nobody came back from the browser within five minutes. Begin again; if the browser showed an error at the end, check in the application's card where it leads to.
sign-in-unknown-server = The portal names an authorization server that is not one of Bitrix24's: { $host }. Nothing was sent there. If your administrator confirms that it belongs to your portal, sign in once more and agree to it.
sign-in-code-refused = The code is no longer valid: it lives for 30 seconds and works once. Begin again.
sign-in-ended = This sign-in has ended. Begin again.
sign-in-no-randomness = The system gives no random numbers, without which a sign-in is not safe. Restart the computer and begin again.

trust-file-missing = There is no CA file { $file }. Check the name.
trust-file-unreadable = The CA file { $file } cannot be read. Check its permissions.
trust-file-no-certificate = There is no certificate in { $file }. A CA file is text and has a line “BEGIN CERTIFICATE” in it (PEM); ask your administrator for it.
trust-file-damaged = A certificate in { $file } is damaged. Ask your administrator for the CA file once more.
