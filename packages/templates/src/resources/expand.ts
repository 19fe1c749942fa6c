import { TemplateError } from '../errors.ts';
import type { Bindings, CopyIndex } from '../evaluate/bindings.ts';
import { copyCount, copyName, evaluateJson, located } from '../evaluate/evaluate-json.ts';
import type { ExpressionScope } from '../evaluate/expression-scope.ts';
import { isObject, type JsonObject, type JsonValue, property, shownText, typeName } from '../json/values.ts';
import { limits } from '../limits.ts';
import type { TemplateScope } from '../scope.ts';
import { nameSegments, resourceIdIn } from './ids.ts';
import type { ResourceEntry } from './index-of-resources.ts';
import { targetScopeId } from './target-scope.ts';

/** One instance of a resource of the template: loops are unrolled, names are known, the body is not evaluated. */
export interface ResourceInstance extends ResourceEntry {
  readonly raw: JsonObject;
  /** Id of the scope it is deployed to. */
  readonly scopeId: string;
  readonly bindings: Bindings;
  readonly copy?: {
    readonly name: string;
    readonly index: number;
    readonly mode: 'serial' | 'parallel';
    readonly batchSize?: number;
  };
  /** Where the resource stands: object and key. */
  readonly place: readonly [object, string | number];
}

interface Parent {
  readonly type: string;
  readonly name: string;
  readonly condition: boolean;
  readonly bindings: Bindings;
  readonly raw: JsonObject;
}

/** The resources of a template in its order, loops unrolled and nested children beside their parents. */
export function expandResources(
  template: JsonObject,
  scope: ExpressionScope,
  bindings: Bindings,
  target: TemplateScope,
): ResourceInstance[] {
  const expansion = new Expansion(scope, target);
  const resources = property(template, 'resources');
  if (Array.isArray(resources)) {
    resources.forEach((raw, i) => {
      located(scope, resources, i, () => expansion.add(raw, bindings, [resources, i]));
    });
  } else if (isObject(resources)) {
    for (const [symbol, raw] of Object.entries(resources)) {
      located(scope, resources, symbol, () => expansion.add(raw, bindings, [resources, symbol], undefined, symbol));
    }
  } else {
    throw new TemplateError('NotATemplate', {
      what: "'resources'",
      actual: `of type '${typeName(resources ?? null)}'`,
      expected: 'an array, or an object with languageVersion 2.0',
    });
  }
  checkDuplicates(expansion.instances, scope);
  return expansion.instances;
}

class Expansion {
  readonly instances: ResourceInstance[] = [];
  readonly #scope: ExpressionScope;
  readonly #target: TemplateScope;
  readonly #ids = new Map<string, number>();

  constructor(scope: ExpressionScope, target: TemplateScope) {
    this.#scope = scope;
    this.#target = target;
  }

  add(
    raw: JsonValue,
    bindings: Bindings,
    place: readonly [object, string | number],
    parent?: Parent,
    symbol?: string,
  ): void {
    if (!isObject(raw)) {
      throw new TemplateError('NotATemplate', {
        what: 'A resource',
        actual: `of type '${typeName(raw)}'`,
        expected: 'an object',
      });
    }
    for (const feature of ['import', 'extension']) {
      if (property(raw, feature) !== undefined) {
        throw new TemplateError('UnsupportedTemplateFeature', {
          feature,
          reason: ': extensible resource providers need a provider of their own',
        });
      }
    }
    const copy = property(raw, 'copy');
    if (!isObject(copy)) {
      this.#instance(raw, bindings, place, parent, symbol);
      return;
    }
    const name = copyName(copy, this.#scope, bindings);
    const count = copyCount(copy, name, this.#scope, bindings);
    const mode = shownText(property(copy, 'mode')).toLowerCase() === 'serial' ? 'serial' : 'parallel';
    const batchSize = mode === 'serial' ? this.#batchSize(copy, name, bindings) : undefined;
    for (let index = 0; index < count; index++) {
      const loop: CopyIndex = { name, of: 'resource', index };
      const inLoop = { ...bindings, copies: [...bindings.copies, loop] };
      this.#instance(raw, inLoop, place, parent, symbol, {
        name,
        index,
        mode,
        ...(batchSize === undefined ? {} : { batchSize }),
      });
    }
  }

  #batchSize(copy: JsonObject, name: string, bindings: Bindings): number {
    const size = evaluateJson(property(copy, 'batchSize') ?? 1, this.#scope, bindings);
    if (typeof size === 'number' && Number.isInteger(size) && size >= 1) return size;
    throw new TemplateError('CopyInvalid', {
      name,
      reason: `its batchSize is '${JSON.stringify(size)}'; expected an integer from 1`,
    });
  }

  #instance(
    raw: JsonObject,
    bindings: Bindings,
    place: readonly [object, string | number],
    parent: Parent | undefined,
    symbol: string | undefined,
    copy?: ResourceInstance['copy'],
  ): void {
    if (this.instances.length >= limits.resources) {
      throw new TemplateError('LimitExceeded', {
        what: 'resources',
        limit: limits.resources,
        actual: this.instances.length + 1,
      });
    }
    const text = (name: string): string => {
      const value = this.#evaluated(raw, name, bindings);
      if (typeof value === 'string' && value !== '') return value;
      if (value === undefined)
        throw new TemplateError('MissingTemplateProperty', {
          property: name,
          what: `the resource '${symbol ?? shownText(property(raw, 'name'))}'`,
        });
      throw new TemplateError('NotATemplate', {
        what: `The ${name} of a resource`,
        actual: `of type '${typeName(value)}'`,
        expected: 'a string that is not empty',
      });
    };
    const { type, name } = combine(text('type'), text('name'), parent);
    this.#checkSegments(type, name, place);
    const existing = this.#evaluated(raw, 'existing', bindings) === true;
    const condition = this.#condition(raw, bindings, name) && (parent?.condition ?? true);
    const scoped = (key: string) =>
      this.#evaluated(raw, key, bindings) ?? (parent ? this.#evaluated(parent.raw, key, parent.bindings) : undefined);
    const scopeId = targetScopeId(
      name,
      { scope: scoped('scope'), subscriptionId: scoped('subscriptionId'), resourceGroup: scoped('resourceGroup') },
      this.#target,
    );
    const id = resourceIdIn(scopeId, type, name.split('/'));
    const position = this.#scope.positions.at(place[0], place[1]);
    this.instances.push({
      key: symbol === undefined ? this.#unusedKey(id) : copy ? `${symbol}[${copy.index}]` : symbol,
      ...(symbol === undefined ? {} : { symbolicName: symbol }),
      ...(copy ? { copyName: copy.name, copy } : {}),
      id,
      type,
      name,
      apiVersion: text('apiVersion'),
      existing,
      condition,
      raw,
      scopeId,
      bindings,
      place,
      ...(position ? { position } : {}),
    });
    const children = property(raw, 'resources');
    if (children === undefined || children === null || type.toLowerCase() === 'microsoft.resources/deployments') return;
    if (!Array.isArray(children))
      throw new TemplateError('NotATemplate', {
        what: `'resources' of '${name}'`,
        actual: 'no array',
        expected: 'an array',
      });
    children.forEach((child, i) => {
      located(this.#scope, children, i, () =>
        this.add(child, bindings, [children, i], { type, name, condition, bindings, raw }),
      );
    });
  }

  /** The id, with a number when a resource of opposite condition has it too. */
  #unusedKey(id: string): string {
    const count = (this.#ids.get(id.toLowerCase()) ?? 0) + 1;
    this.#ids.set(id.toLowerCase(), count);
    return count === 1 ? id : `${id}#${count}`;
  }

  #evaluated(raw: JsonObject, name: string, bindings: Bindings): JsonValue | undefined {
    const value = property(raw, name);
    if (value === undefined) return undefined;
    return located(this.#scope, raw, name, () =>
      evaluateJson(value, this.#scope, { ...bindings, location: 'resource name' }),
    );
  }

  #condition(raw: JsonObject, bindings: Bindings, name: string): boolean {
    const value = this.#evaluated(raw, 'condition', bindings) ?? true;
    if (typeof value === 'boolean') return value;
    if (typeof value === 'string' && /^(?:true|false)$/i.test(value)) return value.toLowerCase() === 'true';
    throw new TemplateError('NotATemplate', {
      what: `The condition of '${name}'`,
      actual: `of type '${typeName(value)}'`,
      expected: 'a boolean',
    });
  }

  #checkSegments(type: string, name: string, place: readonly [object, string | number]): void {
    const segments = name.split('/');
    if (nameSegments(type) === segments.length && segments.every((segment) => segment !== '') && type.includes('/'))
      return;
    const position = this.#scope.positions.at(place[0], place[1]);
    throw new TemplateError(
      'ResourceNameInvalid',
      { name, type, line: position?.line ?? 0, column: position?.column ?? 0 },
      { position },
    );
  }
}

/** A child that stands inside its parent has the last segments of type and name only; a full type is taken as it is. */
function combine(type: string, name: string, parent: Parent | undefined): { type: string; name: string } {
  if (!parent) return { type, name };
  if (type.toLowerCase().startsWith(`${parent.type.toLowerCase()}/`)) {
    const full = name.split('/').length === nameSegments(type);
    return { type, name: full ? name : `${parent.name}/${name}` };
  }
  return { type: `${parent.type}/${type}`, name: `${parent.name}/${name}` };
}

function checkDuplicates(instances: readonly ResourceInstance[], scope: ExpressionScope): void {
  const seen = new Set<string>();
  for (const { id, condition, existing, place } of instances) {
    if (!condition || existing) continue;
    const key = id.toLowerCase();
    if (seen.has(key))
      throw new TemplateError('ResourceDuplicate', { id }, { position: scope.positions.at(place[0], place[1]) });
    seen.add(key);
  }
}
