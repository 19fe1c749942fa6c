import { normaliseRule } from '@lazuli/resources';
import { createScanner, type Node, type ParseError, parseTree, printParseErrorCode } from 'jsonc-parser';
import type { EntityDirectory, EntityProperties, EntityRecord } from '../contract.ts';
import { ServiceBusError } from '../errors.ts';
import { shownRule } from './rule-properties.ts';

/** An entity that a configuration file asks for. */
export interface ConfiguredEntity {
  readonly kind: EntityRecord['kind'];
  readonly path: string;
  readonly properties: EntityProperties;
  /** 1-based; where the file says it. */
  readonly line: number;
  readonly column: number;
}

export interface ConfiguredNamespace {
  readonly name: string;
  /** Parents before children. */
  readonly entities: readonly ConfiguredEntity[];
}

export interface ConfigurationProblem {
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

const mostBytes = 8 * 1024 * 1024;
const mostLevels = 32;

/**
 * Reads the `Config.json` of Azure's Service Bus emulator. Names are compared without regard to case, as it does. What it does not know
 * is a problem, so that nothing is left out silently; `Logging` is taken and means nothing here.
 */
export function readEmulatorConfiguration(text: string): {
  readonly namespaces: readonly ConfiguredNamespace[];
  readonly problems: readonly ConfigurationProblem[];
} {
  return new Reader(text).read();
}

/** Makes what is missing and changes what differs; nothing is deleted. @throws {ServiceBusError} with the place in the file */
export async function applyEmulatorConfiguration(
  directory: EntityDirectory,
  { entities }: ConfiguredNamespace,
  fileName: string,
): Promise<void> {
  // What forwards may name entities that come later.
  for (const pass of ['without forwarding', 'whole'] as const)
    for (const entity of entities) {
      const { forwardTo, forwardDeadLetteredMessagesTo, ...rest } = entity.properties;
      const forwards = forwardTo !== undefined || forwardDeadLetteredMessagesTo !== undefined;
      if (pass === 'whole' && !forwards) continue;
      try {
        await applyEntity(directory, entity.path, entity.kind, pass === 'whole' ? entity.properties : rest);
      } catch (error) {
        if (!(error instanceof ServiceBusError)) throw error;
        throw new ServiceBusError('BadRequest', {
          reason: `${fileName}:${entity.line}:${entity.column}: '${entity.path}': ${error.message}`,
        });
      }
    }
}

async function applyEntity(
  directory: EntityDirectory,
  path: string,
  kind: EntityRecord['kind'],
  properties: EntityProperties,
): Promise<void> {
  const existing = await directory.get(path);
  if (existing === undefined) {
    await directory.put(path, kind, properties, 'create');
    return;
  }
  const { defaultRule, ...wanted } = properties;
  const shown = kind === 'rule' ? shownRule(normaliseRule(wanted).properties) : wanted;
  if (!isSame(existing.properties, shown)) await directory.put(path, kind, wanted, 'update');
  if (typeof defaultRule !== 'object' || defaultRule === null) return;
  // The subscription has been there before: its first rule is one like the others.
  const rule: Partial<ConfiguredRule> = defaultRule;
  if (rule.name !== undefined)
    await applyEntity(directory, `${path}/Rules/${rule.name}`, 'rule', rule.properties ?? {});
}

interface ConfiguredRule {
  readonly name: string;
  readonly properties: EntityProperties;
}

function isSame(existing: EntityProperties, wanted: EntityProperties): boolean {
  return Object.entries(wanted).every(([name, value]) => JSON.stringify(existing[name]) === JSON.stringify(value));
}

type Members = ReadonlyMap<string, { readonly name: string; readonly node: Node; readonly key: Node }>;

class Reader {
  readonly #text: string;
  readonly #problems: ConfigurationProblem[] = [];
  /** Offsets at which lines begin. */
  readonly #lineStarts: number[] = [0];

  constructor(text: string) {
    this.#text = text;
    for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) this.#lineStarts.push(at + 1);
  }

  read() {
    const nothing = { namespaces: [], problems: this.#problems };
    if (this.#text.length > mostBytes) {
      this.#problems.push({ line: 1, column: 1, message: `The file is longer than ${mostBytes} characters.` });
      return nothing;
    }
    const tooDeep = this.#tooDeepAt();
    if (tooDeep !== undefined) {
      this.#problems.push({ ...this.#place(tooDeep), message: `There are more than ${mostLevels} levels.` });
      return nothing;
    }
    const errors: ParseError[] = [];
    const root = parseTree(this.#text.replace(/^\uFEFF/, ' '), errors, { allowTrailingComma: true });
    for (const { error, offset } of errors.slice(0, 100))
      this.#problems.push({ ...this.#place(offset), message: `This is not JSON: ${printParseErrorCode(error)}.` });
    if (root === undefined || errors.length > 0) return nothing;
    const file = this.#members(root, 'the file', ['userconfig']);
    const user = this.#members(file.get('userconfig')?.node, "'UserConfig'", ['namespaces', 'logging'], root);
    const namespaces = this.#items(user.get('namespaces')?.node, "'Namespaces'").map((node) => this.#namespace(node));
    if (namespaces.length === 0 && this.#problems.length === 0) this.#report(root, "'Namespaces' has no namespace.");
    return { namespaces, problems: this.#problems };
  }

  /** Where the nesting becomes deeper than any configuration is: the parser calls itself at each level. */
  #tooDeepAt(): number | undefined {
    const scanner = createScanner(this.#text, true);
    let levels = 0;
    // At the end of the text there is a token without a character.
    for (scanner.scan(); scanner.getTokenLength() > 0; scanner.scan()) {
      const first = this.#text.charAt(scanner.getTokenOffset());
      if (first === '{' || first === '[') levels++;
      else if (first === '}' || first === ']') levels--;
      if (levels > mostLevels) return scanner.getTokenOffset();
    }
    return undefined;
  }

  #namespace(node: Node): ConfiguredNamespace {
    const members = this.#members(node, 'a namespace', ['name', 'type', 'queues', 'topics']);
    const entities: ConfiguredEntity[] = [];
    for (const queue of this.#items(members.get('queues')?.node, "'Queues'"))
      this.#holder(queue, 'queue', '', entities, []);
    for (const topic of this.#items(members.get('topics')?.node, "'Topics'")) {
      const path = this.#holder(topic, 'topic', '', entities, ['subscriptions']);
      const below = this.#members(topic, 'a topic', ['name', 'properties', 'subscriptions']);
      for (const subscription of this.#items(below.get('subscriptions')?.node, "'Subscriptions'"))
        this.#subscription(subscription, path, entities);
    }
    const seen = new Set<string>();
    for (const { path, line, column } of entities) {
      if (seen.has(path.toLowerCase()))
        this.#problems.push({ line, column, message: `'${path.slice(0, 300)}' is there twice.` });
      seen.add(path.toLowerCase());
    }
    return { name: this.#name(members, node), entities };
  }

  #subscription(node: Node, topic: string, entities: ConfiguredEntity[]): void {
    const at = entities.length;
    const path = this.#holder(node, 'subscription', `${topic}/Subscriptions/`, entities, ['rules']);
    const members = this.#members(node, 'a subscription', ['name', 'properties', 'rules']);
    const rules = this.#items(members.get('rules')?.node, "'Rules'").map((rule) => this.#rule(rule, path));
    const [first, ...others] = rules;
    const subscription = entities[at];
    if (first === undefined || subscription === undefined) return;
    // The first one takes the place of the rule that lets everything through.
    const name = first.path.slice(first.path.lastIndexOf('/') + 1);
    entities[at] = {
      ...subscription,
      properties: { ...subscription.properties, defaultRule: { name, properties: first.properties } },
    };
    entities.push(...others);
  }

  #holder(
    node: Node,
    kind: 'queue' | 'topic' | 'subscription',
    prefix: string,
    entities: ConfiguredEntity[],
    more: readonly string[],
  ): string {
    const members = this.#members(node, `a ${kind}`, ['name', 'properties', ...more]);
    const path = `${prefix}${this.#name(members, node)}`;
    const properties: Record<string, unknown> = {};
    const given = members.get('properties')?.node;
    if (given !== undefined)
      for (const { name, node: value } of this.#members(given, "'Properties'").values())
        properties[armName(name)] = value.value;
    entities.push({ kind, path, properties, ...this.#place(node.offset) });
    return path;
  }

  #rule(node: Node, subscription: string): ConfiguredEntity {
    const members = this.#members(node, 'a rule', ['name', 'properties']);
    const place = this.#place(node.offset);
    const path = `${subscription}/Rules/${this.#name(members, node)}`;
    const given = this.#members(
      members.get('properties')?.node,
      "'Properties' of a rule",
      ['filtertype', 'sqlfilter', 'correlationfilter', 'action'],
      node,
    );
    const type = String(given.get('filtertype')?.node.value ?? 'Sql')
      .replace(/Filter$/i, '')
      .toLowerCase();
    const action = this.#plain(given.get('action')?.node);
    const withAction = action === undefined ? {} : { action };
    if (type === 'correlation')
      return {
        kind: 'rule',
        path,
        ...place,
        properties: {
          filterType: 'CorrelationFilter',
          correlationFilter: this.#plain(given.get('correlationfilter')?.node) ?? {},
          ...withAction,
        },
      };
    if (type !== 'sql')
      this.#report(given.get('filtertype')?.node ?? node, `'FilterType' must be Sql or Correlation, not '${type}'.`);
    const sqlFilter = this.#plain(given.get('sqlfilter')?.node);
    if (sqlFilter === undefined) this.#report(node, "A rule of type Sql must have an 'SqlFilter'.");
    return { kind: 'rule', path, ...place, properties: { filterType: 'SqlFilter', sqlFilter, ...withAction } };
  }

  /** An object with its names as Resource Manager writes them; `Properties` inside keep theirs. */
  #plain(node: Node | undefined): EntityProperties | undefined {
    if (node === undefined) return undefined;
    const plain: Record<string, unknown> = {};
    for (const { name, node: value } of this.#members(node, 'a filter').values()) {
      plain[armName(name)] =
        value.type === 'object'
          ? Object.fromEntries([...this.#members(value, `'${name}'`).values()].map((one) => [one.name, one.node.value]))
          : value.value;
    }
    return plain;
  }

  #name(members: Members, node: Node): string {
    const name = members.get('name')?.node.value;
    if (typeof name === 'string' && name !== '') return name;
    this.#report(node, "'Name' is missing; expected a string.");
    return 'unnamed';
  }

  /** By name in lower case. `known`: the only names there are. */
  #members(node: Node | undefined, what: string, known?: readonly string[], parent?: Node): Members {
    const members = new Map<string, { name: string; node: Node; key: Node }>();
    if (node?.type !== 'object') {
      this.#report(node ?? parent, `${what} must be an object.`);
      return members;
    }
    for (const property of node.children ?? []) {
      const [key, value] = property.children ?? [];
      if (key === undefined || value === undefined) continue;
      const name = String(key.value);
      const lower = name.toLowerCase();
      if (known !== undefined && !known.includes(lower))
        this.#report(key, `${what} has no member '${name.slice(0, 100)}'; expected ${known.join(', ')}.`);
      else if (members.has(lower)) this.#report(key, `'${name}' is there twice.`);
      else members.set(lower, { name, node: value, key });
    }
    return members;
  }

  #items(node: Node | undefined, what: string): readonly Node[] {
    if (node === undefined) return [];
    if (node.type === 'array') return node.children ?? [];
    this.#report(node, `${what} must be an array.`);
    return [];
  }

  #report(node: Node | undefined, message: string): void {
    this.#problems.push({ ...this.#place(node?.offset ?? 0), message });
  }

  #place(offset: number): { readonly line: number; readonly column: number } {
    let [low, high] = [0, this.#lineStarts.length];
    while (low + 1 < high) {
      const middle = (low + high) >> 1;
      if ((this.#lineStarts[middle] ?? 0) <= offset) low = middle;
      else high = middle;
    }
    return { line: low + 1, column: offset - (this.#lineStarts[low] ?? 0) + 1 };
  }
}

/** `LockDuration` is `lockDuration` in Resource Manager. */
function armName(name: string): string {
  return `${name.charAt(0).toLowerCase()}${name.slice(1)}`;
}
