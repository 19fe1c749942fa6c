import type { Implementation, TypeDeclaration } from '../surface/declare.ts';
import { parseSignature, parseTypeText, type Signature } from '../surface/signature.ts';
import type { Call, Member, MethodSymbol, Parameter } from './members.ts';
import { keywordOf } from './primitives.ts';
import { NamedType, type Type, TypeParameter } from './types.ts';
import type { Universe } from './universe.ts';

/** A declaration, resolved when it is first asked: base, interfaces and members. */
export class TypeDefinition {
  readonly universe: Universe;
  readonly declaration: TypeDeclaration;
  /** Without type parameters: `System.Collections.Generic.List`. */
  readonly fullName: string;
  readonly shortName: string;
  readonly keyword: string | undefined;
  readonly typeParameters: readonly TypeParameter[];
  readonly #constructed = new Map<string, NamedType>();
  #base: NamedType | null | undefined;
  #interfaces: readonly NamedType[] | undefined;
  #members: ReadonlyMap<string, readonly Member[]> | undefined;
  #invoke: MethodSymbol | null | undefined;

  constructor(universe: Universe, declaration: TypeDeclaration) {
    this.universe = universe;
    this.declaration = declaration;
    const open = declaration.name.indexOf('<');
    this.fullName = open < 0 ? declaration.name : declaration.name.slice(0, open).trim();
    this.shortName = this.fullName.slice(this.fullName.lastIndexOf('.') + 1);
    this.keyword = keywordOf(this.fullName);
    this.typeParameters =
      open < 0 ? [] : parameterNames(declaration.name.slice(open + 1, declaration.name.lastIndexOf('>')), this);
  }

  get kind(): TypeDeclaration['kind'] {
    return this.declaration.kind;
  }

  /** The type with itself as arguments: what `self` is in its own members. */
  get open(): NamedType {
    return this.construct(this.typeParameters);
  }

  construct(args: readonly Type[], names: readonly (string | null)[] | null = null): NamedType {
    const named = names?.some((name) => name !== null) ? names : null;
    const key = args.map((arg) => arg.id).join() + (named ? `|${named.join()}` : '');
    let type = this.#constructed.get(key);
    if (!type) {
      const erasable = named !== null || args.some((arg) => arg.erased !== arg);
      type = new NamedType(this, args, named, erasable ? this.construct(args.map((arg) => arg.erased)) : undefined);
      this.#constructed.set(key, type);
    }
    return type;
  }

  get base(): NamedType | null {
    if (this.#base === undefined) {
      this.#base = null;
      const name = this.declaration.base ?? defaultBase(this);
      const type = name === null ? null : this.#resolve(name);
      this.#base = type?.kind === 'named' ? type : null;
    }
    return this.#base;
  }

  get interfaces(): readonly NamedType[] {
    if (!this.#interfaces) {
      this.#interfaces = [];
      this.#interfaces = (this.declaration.interfaces ?? [])
        .map((name) => this.#resolve(name))
        .filter((type) => type.kind === 'named');
    }
    return this.#interfaces;
  }

  #resolve(text: string): Type {
    return this.universe.resolveDeclared(parseTypeText(text), this.typeParameters, this.declaration.name);
  }

  /** Members declared here by the name (`''` constructors, `this[]` indexers, an operator's token, `implicit`, `explicit`). */
  members(name: string): readonly Member[] {
    return this.#allMembers().get(name) ?? [];
  }

  get memberNames(): Iterable<string> {
    return [...this.#allMembers().keys(), ...Object.keys(this.declaration.values ?? {})];
  }

  refusal(name: string): string | undefined {
    const refused = this.declaration.refused;
    return refused && Object.hasOwn(refused, name) ? refused[name] : undefined;
  }

  /** The value of an enum's member. */
  enumValue(name: string): number | undefined {
    const values = this.declaration.values;
    return values && Object.hasOwn(values, name) ? values[name] : undefined;
  }

  #allMembers(): ReadonlyMap<string, readonly Member[]> {
    if (!this.#members) {
      const members = new Map<string, Member[]>();
      for (const [key, implementation] of Object.entries(this.declaration.members ?? {})) {
        const member = this.makeMember(parseSignature(key), implementation, key);
        const list = members.get(member.name);
        if (list) list.push(member);
        else members.set(member.name, [member]);
      }
      this.#members = members;
    }
    return this.#members;
  }

  /** The `Invoke` of a delegate type. */
  get invoke(): MethodSymbol | null {
    if (this.#invoke === undefined) {
      const text = this.declaration.invoke;
      const made = text === undefined ? null : this.makeMember(parseSignature(text), () => null, text);
      this.#invoke = made?.kind === 'method' ? made : null;
    }
    return this.#invoke;
  }

  /** Resolves one signature. Extension methods are resolved one by one, without the rest of their type. */
  makeMember(signature: Signature, implementation: Implementation, key: string): Member {
    const own = signature.typeParameters.map((name) => new TypeParameter(name));
    const scope = [...own, ...this.typeParameters];
    const resolve = (syntax: Parameters<Universe['resolveDeclared']>[0]) =>
      this.universe.resolveDeclared(syntax, scope, `${this.declaration.name}: ${key}`);
    const parameters: Parameter[] = signature.parameters.map((p) => ({
      name: p.name,
      type: resolve(p.type),
      mode: p.mode === 'ref' || p.mode === 'out' ? p.mode : 'value',
      isParams: p.mode === 'params',
      defaultValue: p.defaultValue,
    }));
    const type = signature.type ? resolve(signature.type) : this.open;
    const { name, isStatic, isConst, kind } = signature;
    if (kind === 'property' || kind === 'indexer') {
      return { kind, name, owner: this, isStatic, isConst, parameters, type, ...accessors(implementation) };
    }
    return {
      kind,
      name,
      owner: this,
      isStatic: isStatic || kind === 'constructor',
      isExtension: signature.parameters[0]?.mode === 'this',
      typeParameters: own,
      parameters,
      returnType: type,
      ...methodCall(implementation),
    };
  }
}

function accessors(implementation: Implementation): { get: Call | null; set: Call | null } {
  if (typeof implementation === 'function') return { get: implementation, set: null };
  if ('generic' in implementation) return { get: implementation.generic, set: null };
  return { get: implementation.get, set: implementation.set ?? null };
}

function methodCall(implementation: Implementation): { call: Call; isGeneric: boolean } {
  if (typeof implementation === 'function') return { call: implementation, isGeneric: false };
  if ('generic' in implementation) return { call: implementation.generic, isGeneric: true };
  return { call: implementation.get, isGeneric: false };
}

function defaultBase(definition: TypeDefinition): string | null {
  if (definition.fullName === 'System.Object') return null;
  switch (definition.kind) {
    case 'enum':
      return 'System.Enum';
    case 'struct':
      return 'System.ValueType';
    default:
      return 'System.Object';
  }
}

/** Interfaces whose parameters vary, when the declaration does not say `in` or `out`. */
const covariant: ReadonlySet<string> = new Set([
  'System.Collections.Generic.IEnumerable',
  'System.Collections.Generic.IEnumerator',
  'System.Collections.Generic.IReadOnlyCollection',
  'System.Collections.Generic.IReadOnlyList',
  'System.Linq.IGrouping',
  'System.Linq.IOrderedEnumerable',
]);
const contravariant: ReadonlySet<string> = new Set([
  'System.Collections.Generic.IComparer',
  'System.Collections.Generic.IEqualityComparer',
  'System.IComparable',
  'System.Action',
  'System.Predicate',
  'System.Comparison',
]);

function parameterNames(list: string, definition: TypeDefinition): TypeParameter[] {
  return list.split(',').map((text, index, all) => {
    const [, declared, name = ''] = /^\s*(?:(in|out)\s+)?(\w+)\s*$/.exec(text) ?? [];
    if (declared === 'in' || declared === 'out') return new TypeParameter(name, declared);
    const { fullName } = definition;
    if (covariant.has(fullName)) return new TypeParameter(name, 'out');
    if (contravariant.has(fullName)) return new TypeParameter(name, 'in');
    if (fullName === 'System.Func') return new TypeParameter(name, index === all.length - 1 ? 'out' : 'in');
    if (fullName === 'System.Converter') return new TypeParameter(name, index === 1 ? 'out' : 'in');
    return new TypeParameter(name);
  });
}
