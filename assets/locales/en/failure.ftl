# Failures of a portal, and what is wrong with what a person gave. Each is one sentence or two, and says what to do.

failure-unreachable = There is no connection to the portal. Check the network; it goes on by itself when the portal can be reached again.
failure-no-answer = The portal did not answer in time. It will be asked again by itself.
failure-server-trouble = The portal is in trouble. It will be asked again by itself; nothing needs to be done.
failure-unexpected-page = Something else answered instead of Bitrix24: a sign-in page of the network, a proxy or a maintenance page. Open the portal in a browser and look.
failure-too-busy = The portal asks for fewer requests for a while. It goes on by itself; nothing needs to be done.
failure-no-authorization-server = The portal cannot reach its authorization server at present. It will be asked again by itself.
failure-closed = The portal is closed for maintenance or was deleted. Ask your administrator if it stays so.

failure-credential-refused = The portal does not accept the webhook: it was deleted, has expired or was changed. Make a new inbound webhook on the portal and sign in with its address.
failure-dismissed = The portal no longer knows you as an active employee. Ask your administrator.
failure-another-person = The webhook now acts for somebody else. Make an inbound webhook of your own and sign in with its address.
failure-scope-missing = The webhook may not use the chat. Open it on the portal, tick “Chat and notifications (im)”, save, and sign in again with its address.
failure-plan-without-rest = The portal's plan does not include REST, or the subscription has ended. Ask your administrator to extend it.
failure-access-denied = The portal does not let you use REST. Ask your administrator for access.
failure-application-removed = The application was removed from the portal. Ask your administrator to install it again, then sign in.
failure-blocked-by-provider = Bitrix24's staff has blocked the requests of this portal. Ask your administrator to contact Bitrix24's support.
failure-https-required = The portal wants an encrypted connection. Sign in with an address that begins with https://.
failure-moved = The portal sends us on to { $to }; your webhook was not sent there. If this is the new address of your portal, sign in with the webhook's address on it.
failure-untrusted-certificate = This computer does not trust the portal's certificate. Check the date of the computer; for a portal of your company, ask your administrator for its CA file and sign in with --ca-file.

failure-method-missing = The portal does not know chat statuses: it is too old, or the chat module is off. Ask your administrator to update it.
failure-our-fault = The portal refused the request with the code { $code }. Please report this as a fault of b24status.
failure-our-fault-unnamed = The portal refused the request without saying why. Please report this as a fault of b24status.

address-empty = There is no address. Copy the address of your inbound webhook on the portal and paste it here.
address-lone-code = This is only a code. Copy the whole address of the inbound webhook; it begins with https://.
address-no-scheme = The address is not complete. Copy it as a whole; it begins with https://.
address-plain-http = The address begins with http://, and your webhook would travel unencrypted. Use the address with https://.
address-other-scheme = This is not the address of a webhook. It begins with https://.
address-not-an-address = This is not an address that can be read. Copy the address of the inbound webhook on the portal once more.
address-with-password = The address has a user name or password before the host. Remove them, up to and including the @.
address-outgoing-webhook = This belongs to an outbound webhook, which cannot set a status. Make an inbound webhook on the portal and copy its address.
address-portal-page = This is the page on which webhooks are made. Copy the webhook's own address from it; it has /rest/ in it.
address-no-rest = This is not the address of an inbound webhook: that has /rest/ in it. Copy it on the portal under Developer resources, Inbound webhook.
address-no-code = The address ends before the webhook's code. Copy it as a whole: https://…/rest/number/code/
address-hidden-code = The code in the address is hidden. Use the portal's own button to copy the address; only the one who made the webhook sees its code.
address-unreadable-code = The code in the address has characters that no code has. Copy the address on the portal once more.

trust-file-missing = There is no CA file { $file }. Check the name.
trust-file-unreadable = The CA file { $file } cannot be read. Check its permissions.
trust-file-no-certificate = There is no certificate in { $file }. A CA file is text and has a line “BEGIN CERTIFICATE” in it (PEM); ask your administrator for it.
trust-file-damaged = A certificate in { $file } is damaged. Ask your administrator for the CA file once more.
