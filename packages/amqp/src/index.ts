export { decodeValue, ValueReader } from './codec/reader.ts';
export { UnencodableValue } from './codec/scalars.ts';
export * from './codec/typed.ts';
export { encodeValue, ValueWriter } from './codec/writer.ts';
export type * from './contract.ts';
export { AmqpArray, AmqpMap, type AmqpValue, Described, Typed, type TypeName } from './values.ts';
export { AmqpViolation } from './violation.ts';
