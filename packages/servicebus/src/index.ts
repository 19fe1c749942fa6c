export { createAccessControl } from './access/access-control.ts';
export { type ConnectionString, parseConnectionString } from './access/connection-string.ts';
export { createSasToken } from './access/sas-token.ts';
export { type NamespaceOptions, openNamespace } from './broker/namespace.ts';
export type * from './contract.ts';
export {
  applyEmulatorConfiguration,
  type ConfiguredNamespace,
  readEmulatorConfiguration,
} from './entities/emulator-configuration.ts';
export { type OpenedDirectory, openDirectory } from './entities/entity-directory.ts';
export {
  developmentNamespace,
  makeDevelopmentNamespace,
  type NamespaceRecord,
  readNamespaces,
} from './entities/namespaces.ts';
export { ruleProblem } from './entities/rule-properties.ts';
export { FilterError, ServiceBusError, type ServiceBusErrorCode, serviceBusErrors } from './errors.ts';
export { compileRule } from './filters/compile-rule.ts';
export { type AmqpFront, createAmqpFront } from './front/amqp-front.ts';
export { createServiceBusHttp } from './http/service-bus-http.ts';
export { ServiceBusListener } from './listener/service-bus-listener.ts';
export { readMessage } from './message/read-message.ts';
export { writeMessage } from './message/write-message.ts';
export { createOperatorHttp } from './operator/operator-http.ts';
