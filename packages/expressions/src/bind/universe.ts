import type { TypeDeclaration } from '../surface/declare.ts';
import { parseSignature } from '../surface/signature.ts';
import type { TypeSyntax } from '../syntax/ast.ts';
import type { MethodSymbol } from './members.ts';
import { fullNameOfKeyword } from './primitives.ts';
import { TypeDefinition } from './type-definition.ts';
import { arrayOf, errorType, type NamedType, type Type, type TypeParameter, voidType } from './types.ts';

/** The language cannot do without these: a surface that lacks one gets it empty. */
const essential: readonly TypeDeclaration[] = [
  { name: 'System.Object', kind: 'class' },
  { name: 'System.ValueType', kind: 'class' },
  { name: 'System.Enum', kind: 'class', base: 'System.ValueType' },
  { name: 'System.String', kind: 'class' },
  ...[
    'Boolean',
    'Char',
    'SByte',
    'Byte',
    'Int16',
    'UInt16',
    'Int32',
    'UInt32',
    'Int64',
    'UInt64',
    'Single',
    'Double',
    'Decimal',
  ].map((name): TypeDeclaration => ({ name: `System.${name}`, kind: 'struct' })),
  { name: 'System.Nullable<T>', kind: 'struct' },
  { name: 'System.Array', kind: 'class' },
  { name: 'System.Exception', kind: 'class' },
  { name: 'System.Type', kind: 'class' },
  { name: 'System.Collections.IEnumerable', kind: 'interface' },
  {
    name: 'System.Collections.Generic.IEnumerable<T>',
    kind: 'interface',
    interfaces: ['System.Collections.IEnumerable'],
  },
];

/** All declared types, found by name. Members are read when they are first asked for. */
export class Universe {
  readonly #byFullName = new Map<string, TypeDefinition>();
  readonly #byShortName = new Map<string, TypeDefinition[]>();
  readonly #namespaces = new Set<string>();
  readonly #extensionKeys = new Map<string, { definition: TypeDefinition; key: string }[]>();
  readonly #extensions = new Map<string, readonly MethodSymbol[]>();
  #extensionsIndexed = false;

  constructor(declarations: readonly TypeDeclaration[]) {
    for (const declaration of declarations) this.#add(declaration);
    for (const declaration of essential) if (!this.#byFullName.has(keyOf(declaration.name))) this.#add(declaration);
    this.#nameNestedTypes();
  }

  /** A type in a type goes by both names: `TimeZoneInfo.AdjustmentRule`. */
  #nameNestedTypes(): void {
    for (const definition of this.#byFullName.values()) {
      const { fullName, shortName } = definition;
      const outer = this.#byFullName.get(`${fullName.slice(0, -shortName.length - 1)}\`0`);
      if (!outer) continue;
      const others = (this.#byShortName.get(shortName) ?? []).filter((other) => other !== definition);
      if (others.length > 0) this.#byShortName.set(shortName, others);
      else this.#byShortName.delete(shortName);
      this.#byShortName.set(`${outer.shortName}.${shortName}`, [definition]);
      this.#namespaces.delete(outer.fullName);
    }
  }

  #add(declaration: TypeDeclaration): void {
    const definition = new TypeDefinition(this, declaration);
    const key = `${definition.fullName}\`${definition.typeParameters.length}`;
    if (this.#byFullName.has(key)) throw new Error(`The type '${declaration.name}' is declared twice.`);
    this.#byFullName.set(key, definition);
    const list = this.#byShortName.get(definition.shortName);
    if (list) list.push(definition);
    else this.#byShortName.set(definition.shortName, [definition]);
    for (let dot = definition.fullName.lastIndexOf('.'); dot > 0; dot = definition.fullName.lastIndexOf('.', dot - 1)) {
      this.#namespaces.add(definition.fullName.slice(0, dot));
    }
  }

  get definitions(): Iterable<TypeDefinition> {
    return this.#byFullName.values();
  }

  /** By full name, or by the name without its namespace. */
  find(name: string, arity: number): TypeDefinition | undefined {
    return (
      this.#byFullName.get(`${name}\`${arity}`) ??
      this.#byShortName.get(name)?.find((d) => d.typeParameters.length === arity)
    );
  }

  /** Types of the name with any number of type parameters. */
  findAnyArity(name: string): readonly TypeDefinition[] {
    return this.#byShortName.get(name) ?? [];
  }

  isNamespace(name: string): boolean {
    return this.#namespaces.has(name);
  }

  /** What a mistyped name may have meant: not the types that are only there to be refused. */
  get shortNames(): Iterable<string> {
    return [...this.#byShortName].filter(([, types]) => types.some((t) => t.refusal('') === undefined)).map(([n]) => n);
  }

  /** A type that must exist. */
  known(name: string, args: readonly Type[] = []): NamedType {
    const definition = this.find(name, args.length);
    if (!definition) throw new Error(`The surface does not declare '${name}'.`);
    return definition.construct(args);
  }

  keyword(keyword: string): NamedType {
    let type = this.#keywords.get(keyword);
    if (!type) {
      type = this.known(fullNameOfKeyword(keyword) ?? keyword);
      this.#keywords.set(keyword, type);
    }
    return type;
  }
  readonly #keywords = new Map<string, NamedType>();

  nullable(type: Type): NamedType {
    return this.known('System.Nullable', [type]);
  }

  tuple(elements: readonly Type[], names: readonly (string | null)[] | null): NamedType | undefined {
    return this.find('System.ValueTuple', elements.length)?.construct(elements, names);
  }

  /** Resolves a type of a declaration. @throws {Error} when it is not declared: a defect of the surface. */
  resolveDeclared(syntax: TypeSyntax, scope: readonly TypeParameter[], where: string): Type {
    switch (syntax.kind) {
      case 'ArrayType':
        return arrayOf(this.resolveDeclared(syntax.element, scope, where));
      case 'NullableType': {
        const element = this.resolveDeclared(syntax.element, scope, where);
        return this.nullable(element);
      }
      case 'TupleType': {
        const types = syntax.elements.map((e) => this.resolveDeclared(e.type, scope, where));
        const names = syntax.elements.map((e) => e.name);
        return this.tuple(types, names) ?? errorType;
      }
      case 'NamedType':
        break;
    }
    const [only] = syntax.parts;
    if (syntax.predefined && only) return only.name === 'void' ? voidType : this.keyword(only.name);
    if (syntax.parts.length === 1 && only && only.args.length === 0) {
      const parameter = scope.find((p) => p.name === only.name);
      if (parameter) return parameter;
    }
    const args = syntax.parts.flatMap((part) => part.args);
    const definition = this.find(syntax.parts.map((part) => part.name).join('.'), args.length);
    if (!definition)
      throw new Error(
        `'${where}' names the type '${syntax.parts.map((p) => p.name).join('.')}', which is not declared.`,
      );
    return definition.construct(args.map((arg) => this.resolveDeclared(arg, scope, where)));
  }

  /** Extension methods of the name, from every type. */
  extensions(name: string): readonly MethodSymbol[] {
    this.#indexExtensions();
    let methods = this.#extensions.get(name);
    if (!methods) {
      methods = (this.#extensionKeys.get(name) ?? []).flatMap(({ definition, key }) => {
        const implementation = definition.declaration.members?.[key];
        const member = implementation && definition.makeMember(parseSignature(key), implementation, key);
        return member && member.kind === 'method' ? [member] : [];
      });
      this.#extensions.set(name, methods);
    }
    return methods;
  }

  get extensionNames(): Iterable<string> {
    this.#indexExtensions();
    return this.#extensionKeys.keys();
  }

  #indexExtensions(): void {
    if (this.#extensionsIndexed) return;
    this.#extensionsIndexed = true;
    for (const definition of this.#byFullName.values()) {
      for (const key of Object.keys(definition.declaration.members ?? {})) {
        const name = /(\w+)\s*(?:<[^<>()]*>)?\s*\(\s*this\s/.exec(key)?.[1];
        if (name === undefined) continue;
        const list = this.#extensionKeys.get(name);
        if (list) list.push({ definition, key });
        else this.#extensionKeys.set(name, [{ definition, key }]);
      }
    }
  }
}

function keyOf(name: string): string {
  const open = name.indexOf('<');
  return open < 0 ? `${name}\`0` : `${name.slice(0, open).trim()}\`${name.slice(open).split(',').length}`;
}
