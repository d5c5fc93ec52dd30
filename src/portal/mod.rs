//! Bitrix24's REST: the calls, their words, their failures, and the address of a webhook.
