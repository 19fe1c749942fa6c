export { type NamespaceOptions, openNamespace } from './broker/namespace.ts';
export type * from './contract.ts';
export { FilterError, ServiceBusError, type ServiceBusErrorCode, serviceBusErrors } from './errors.ts';
export { readMessage } from './message/read-message.ts';
export { writeMessage } from './message/write-message.ts';
