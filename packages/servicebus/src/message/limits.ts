/** Bounds of a message ("Azure Service Bus quotas"). */
export const maxHeaderBytes = 64 * 1024;
export const maxPropertyBytes = 32 * 1024;
/** Characters of message ids, session ids and partition keys. */
export const maxIdLength = 128;
