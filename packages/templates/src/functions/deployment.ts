import { type JsonObject, type JsonValue, newObject } from '../json/values.ts';
import { integerArgument, stringArgument } from './arguments.ts';
import { eager, type FunctionCall, type FunctionGroup } from './definition.ts';

/** "Deployment functions for ARM templates", and `copyIndex`. */
export const deploymentFunctions: FunctionGroup = {
  copyIndex: eager(0, 2, copyIndex),
  deployer: eager(0, 0, deployer),
  deployment: eager(0, 0, (_, call) => deployment(call)),
  environment: eager(0, 0, (_, call) => call.scope.facts.environment),
  parameters: eager(1, 1, (args, call) => call.scope.parameter(stringArgument(args, 0, call), call.bindings)),
  variables: eager(1, 1, (args, call) => call.scope.variable(stringArgument(args, 0, call), call.bindings)),
};

/** `copyIndex()`, `copyIndex(offset)`, `copyIndex('loop')`, `copyIndex('loop', offset)` */
function copyIndex(args: JsonValue[], call: FunctionCall): number {
  const { copies } = call.bindings;
  const named = typeof args[0] === 'string';
  const offset = named
    ? args.length > 1
      ? integerArgument(args, 1, call)
      : 0
    : args.length > 0
      ? integerArgument(args, 0, call)
      : 0;
  const name = named ? stringArgument(args, 0, call).toLowerCase() : undefined;
  const loop =
    name === undefined
      ? (copies.findLast((copy) => copy.of !== 'property') ?? copies.at(-1))
      : copies.findLast((copy) => copy.name.toLowerCase() === name);
  if (loop === undefined) {
    const which = name === undefined ? 'there is no copy loop here' : `there is no copy loop '${String(args[0])}' here`;
    throw call.scope.notHere('copyIndex', which);
  }
  return loop.index + offset;
}

function deployer(_: JsonValue[], call: FunctionCall): JsonValue {
  const who = call.scope.facts.deployment.deployer;
  if (who === undefined) throw call.error('it is not known who deploys');
  const { objectId, tenantId, userPrincipalName } = who;
  return Object.assign(newObject(), { objectId, tenantId, userPrincipalName: userPrincipalName ?? '' });
}

function deployment(call: FunctionCall): JsonValue {
  const { deployment: info, template, templateHash, parameters, scope } = call.scope.facts;
  const properties: JsonObject = newObject();
  if (info.templateLink) properties.templateLink = info.templateLink;
  else properties.template = template;
  properties.templateHash = templateHash;
  properties.parameters = parameters;
  properties.mode = info.mode;
  properties.provisioningState = 'Accepted';
  const result: JsonObject = newObject();
  result.id = info.id;
  result.name = info.name;
  if (scope.kind !== 'resourceGroup' && info.location !== undefined) result.location = info.location;
  result.properties = properties;
  return result;
}
