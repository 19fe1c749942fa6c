export type * from './contract.ts';
export { AmqpArray, AmqpMap, type AmqpValue, Described, Typed, type TypeName } from './values.ts';
