export { decodeValue, ValueReader } from './codec/reader.ts';
export { UnencodableValue } from './codec/scalars.ts';
export { skipValue } from './codec/skip.ts';
export * from './codec/typed.ts';
export { encodeValue, ValueWriter } from './codec/writer.ts';
export { createConnection } from './connection/create-connection.ts';
export { defaultConnectionLimits } from './connection/limits.ts';
export type * from './contract.ts';
export {
  type MessageHeader,
  type MessageProperties,
  readApplicationProperties,
  readBody,
  readDeliveryAnnotations,
  readHeader,
  readMessageAnnotations,
  readProperties,
} from './message/read.ts';
export { MessageSections, scanSections } from './message/sections.ts';
export {
  encodeApplicationProperties,
  encodeData,
  encodeDeliveryAnnotations,
  encodeHeader,
  encodeMessageAnnotations,
  encodeProperties,
  encodeValueSection,
} from './message/write.ts';
export { readTransactionControl, type TransactionControl } from './transactions.ts';
export { FedSocketTransport, socketTransport } from './transports/socket.ts';
export { AmqpArray, AmqpMap, type AmqpValue, Described, Typed, type TypeName } from './values.ts';
export { AmqpViolation } from './violation.ts';
