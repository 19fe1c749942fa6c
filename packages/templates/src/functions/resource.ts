import { TemplateError } from '../errors.ts';
import { NeedsRuntimeValue } from '../evaluate/needs-runtime-value.ts';
import { isObject, type JsonObject, type JsonValue, newObject, property } from '../json/values.ts';
import { scopeId } from '../resources/ids.ts';
import type { ResourceEntry } from '../resources/index-of-resources.ts';
import { integerArgument, ordinal, stringArgument } from './arguments.ts';
import { builtInRoles } from './built-in-roles.ts';
import { eager, type FunctionCall, type FunctionGroup, type TemplateFunction } from './definition.ts';

/** The functions that look at resources, "Resource functions for ARM templates"; `list*` stands below. */
export const resourceFunctions: FunctionGroup = {
  pickZones: eager(3, 5, pickZones),
  providers: eager(1, 2, providers),
  reference: eager(1, 3, reference),
  references: eager(1, 2, references),
  resourceInfo: eager(1, 1, (args, call) => info(named(stringArgument(args, 0, call), call))),
  roleDefinitions: eager(1, 1, roleDefinitions),
  toLogicalZone: eager(3, 3, (args, call) => logicalZone(stringArgument(args, 2, call), call)),
  toLogicalZones: eager(3, 3, (args, call) => zoneList(args, call).map((zone) => logicalZone(zone, call))),
  toPhysicalZone: eager(3, 3, (args, call) => `${stringArgument(args, 1, call)}-az${stringArgument(args, 2, call)}`),
  toPhysicalZones: eager(3, 3, (args, call) =>
    zoneList(args, call).map((zone) => `${stringArgument(args, 1, call)}-az${zone}`),
  ),
};

/** `listKeys(id, apiVersion, body?)` and every other function whose name starts with `list`. */
export const listFunction: TemplateFunction = eager(1, 3, list);

/** `reference(nameOrId, apiVersion?, 'Full'?)`: the properties of the resource, or its whole document. */
function reference(args: JsonValue[], call: FunctionCall): JsonValue {
  const full = args.length > 2 && stringArgument(args, 2, call).toLowerCase() === 'full';
  const target = stringArgument(args, 0, call);
  const version = args[1] === undefined || args[1] === null ? undefined : stringArgument(args, 1, call);
  return shown(fetch(target, version, call), full);
}

/** `references(copyLoop, 'Full'?)`: what `reference` gives, for each instance of the loop. */
function references(args: JsonValue[], call: FunctionCall): JsonValue {
  const full = args.length > 1 && stringArgument(args, 1, call).toLowerCase() === 'full';
  const symbol = stringArgument(args, 0, call);
  const instances = call.bindings.resources?.collection(symbol) ?? [];
  return instances.filter((entry) => entry.condition).map((entry) => shown(fetch(entry.key, undefined, call), full));
}

function shown(document: JsonValue, full: boolean): JsonValue {
  if (full || !isObject(document)) return document;
  return property(document, 'properties') ?? newObject();
}

function fetch(target: string, version: string | undefined, call: FunctionCall): JsonValue {
  allowed(call);
  const { id, entry } = locate(target, call);
  const apiVersion = version ?? entry?.apiVersion;
  if (apiVersion === undefined || apiVersion === '') throw new TemplateError('ResourceNotDefined', { name: target });
  const inPlan = entry !== undefined && !entry.existing && entry.condition;
  const request = { kind: 'reference', id, apiVersion, inPlan } as const;
  const document = call.bindings.runtime?.lookup(request);
  if (document === undefined) throw new NeedsRuntimeValue('reference', request);
  return document;
}

function list(args: JsonValue[], call: FunctionCall): JsonValue {
  allowed(call);
  const target = stringArgument(args, 0, call);
  const { id, entry } = locate(target, call);
  const apiVersion = args.length > 1 && args[1] !== null ? stringArgument(args, 1, call) : entry?.apiVersion;
  if (apiVersion === undefined) throw call.error('the API version is missing');
  const request = {
    kind: 'list',
    id,
    functionName: call.name,
    apiVersion,
    ...(args[2] === undefined ? {} : { body: args[2] }),
  } as const;
  const answer = call.bindings.runtime?.lookup(request);
  if (answer === undefined) throw new NeedsRuntimeValue(call.name, request);
  return answer;
}

/** The resource that `target` means: one of the template, or one outside by its id. */
function locate(target: string, call: FunctionCall): { id: string; entry: ResourceEntry | undefined } {
  const entry = call.bindings.resources?.findOne(target);
  if (entry) return { id: entry.id, entry };
  if (target.startsWith('/')) return { id: target, entry: undefined };
  if (/^[^/]+\.[^/]+(?:\/[^/]+\/[^/]+)+$/.test(target)) {
    return { id: `${scopeId(call.scope.facts.scope)}/providers/${target}`, entry: undefined };
  }
  throw new TemplateError('ResourceNotDefined', { name: target });
}

function named(symbol: string, call: FunctionCall): ResourceEntry {
  const entry = call.bindings.resources?.findOne(symbol);
  if (entry === undefined) throw new TemplateError('ResourceNotDefined', { name: symbol });
  return entry;
}

function info(entry: ResourceEntry): JsonObject {
  const { id, name, type, apiVersion } = entry;
  return Object.assign(newObject(), { id, name, type, apiVersion });
}

function allowed(call: FunctionCall): void {
  const { location } = call.bindings;
  if (location === 'resource property' || location === 'output') return;
  throw call.scope.notHere(call.name, `a ${location} must be known before the deployment starts`);
}

function providers(args: JsonValue[], call: FunctionCall): JsonValue {
  const namespace = stringArgument(args, 0, call);
  const type = args.length > 1 ? stringArgument(args, 1, call) : undefined;
  const found = call.scope.facts.ports.provider?.(namespace, type);
  if (found === undefined)
    throw call.error(`the resource provider '${namespace}${type === undefined ? '' : `/${type}`}' is not known`);
  return found;
}

/** Zones of a type in a region by `zoneMappings` of its provider; a region without an entry has none. */
function pickZones(args: JsonValue[], call: FunctionCall): JsonValue {
  const provider = call.scope.facts.ports.provider?.(stringArgument(args, 0, call), stringArgument(args, 1, call));
  const location = stringArgument(args, 2, call).replaceAll(' ', '').toLowerCase();
  const count = args.length > 3 ? integerArgument(args, 3, call) : 1;
  const offset = args.length > 4 ? integerArgument(args, 4, call) : 0;
  if (count < 1 || count > 3 || offset < 0 || count + offset > 3)
    throw call.error('the number of zones and the offset must be within the 3 zones of a region');
  const mappings = provider === undefined ? undefined : property(provider, 'zoneMappings');
  const mapping = Array.isArray(mappings)
    ? mappings.find((each) => {
        const place = isObject(each) ? property(each, 'location') : undefined;
        return typeof place === 'string' && place.replaceAll(' ', '').toLowerCase() === location;
      })
    : undefined;
  const zones = isObject(mapping) ? property(mapping, 'zones') : undefined;
  if (!Array.isArray(zones)) return [];
  return zones
    .filter((zone) => typeof zone === 'string')
    .sort(ordinal)
    .slice(offset, offset + count);
}

/** Zones are not renumbered for a subscription here: logical zone 1 is physical zone `{region}-az1`. */
function logicalZone(physical: string, call: FunctionCall): string {
  const zone = /-az(\d+)$/.exec(physical)?.[1];
  if (zone === undefined) throw call.error(`'${physical}' is not a physical zone`);
  return zone;
}

function zoneList(args: JsonValue[], call: FunctionCall): string[] {
  const zones = args[2];
  if (!Array.isArray(zones)) throw call.error("argument '3' must be an array of zones");
  return zones.map((_, i) => stringArgument(zones, i, call));
}

function roleDefinitions(args: JsonValue[], call: FunctionCall): JsonValue {
  const name = stringArgument(args, 0, call);
  const guid = builtInRoles.get(name.toLowerCase());
  if (guid === undefined) throw call.error(`the built-in role '${name}' is not known`);
  return Object.assign(newObject(), {
    id: `/providers/Microsoft.Authorization/roleDefinitions/${guid}`,
    roleDefinitionId: guid,
  });
}
