import {
  attributeOf,
  childOf,
  childrenOf,
  localOf,
  type QName,
  qname,
  resolveName,
  textOf,
  type XmlElement,
  XmlProblem,
} from '../xml/xml-tree.ts';
import { type WsdlDocuments, wsdl } from './load-wsdl.ts';

const soap11 = 'http://schemas.xmlsoap.org/wsdl/soap/';
const soap12 = 'http://schemas.xmlsoap.org/wsdl/soap12/';

/** What is imported of a WSDL: one port of one service. */
export interface WsdlPort {
  readonly service: string;
  readonly endpoint: string;
  /** Null where it names none. */
  readonly location: string | null;
  readonly documentation: string | null;
  readonly soapVersion: '1.1' | '1.2';
  readonly operations: readonly WsdlOperation[];
}

export interface WsdlOperation {
  readonly name: string;
  readonly documentation: string | null;
  /** Empty where the binding gives none. */
  readonly action: string;
  readonly style: 'document' | 'rpc';
  readonly input: WsdlMessage;
  /** Null for one-way operations. */
  readonly output: WsdlMessage | null;
  readonly at: XmlElement;
}

export interface WsdlMessage {
  readonly use: 'literal' | 'encoded';
  /** Namespace of the wrapper of an rpc message. */
  readonly namespace: string;
  /** Those that go into the body, in order. */
  readonly parts: readonly WsdlPart[];
}

export interface WsdlPart {
  readonly name: string;
  readonly element: QName | null;
  readonly type: QName | null;
  readonly at: XmlElement;
}

export interface WsdlSelector {
  readonly service?: string | undefined;
  readonly endpoint?: string | undefined;
}

/**
 * Reads the service and port that the selector names; without one the first port that speaks SOAP, 1.1 before 1.2.
 * @throws {XmlProblem}
 */
export function readWsdl({ definitions }: WsdlDocuments, { service, endpoint }: WsdlSelector): WsdlPort {
  const globals = globalsOf(definitions);
  const all = definitions.flatMap((one) => childrenOf(one, 'service', wsdl));
  const services = all.filter((one) => service === undefined || attributeOf(one, 'name') === service);
  const [root] = definitions as [XmlElement];
  if (services.length === 0)
    throw new XmlProblem(
      service === undefined
        ? 'The WSDL document has no service'
        : `The WSDL document has no service '${service}': expected one of ${all.map((one) => attributeOf(one, 'name')).join(', ')}`,
      root.line,
      root.column,
    );
  const ports = services.flatMap((one) =>
    childrenOf(one, 'port', wsdl).flatMap((port) => {
      const address = childrenOf(port, 'address').find(({ namespace }) => namespace === soap11 || namespace === soap12);
      const written = attributeOf(port, 'binding');
      const binding = written === undefined ? undefined : globals.binding.get(resolveName(port, written));
      const soap =
        binding && childrenOf(binding, 'binding').find(({ namespace }) => namespace === soap11 || namespace === soap12);
      return binding && soap ? [{ owner: one, port, address, binding, soap }] : [];
    }),
  );
  const wanted = ports.filter(({ port }) => endpoint === undefined || attributeOf(port, 'name') === endpoint);
  const chosen = wanted.find(({ soap }) => soap.namespace === soap11) ?? wanted[0];
  if (!chosen) {
    const [first] = services as [XmlElement];
    throw new XmlProblem(
      endpoint === undefined
        ? `The service '${attributeOf(first, 'name')}' has no port with a SOAP binding`
        : `The service has no SOAP endpoint '${endpoint}': expected one of ${ports.map(({ port }) => attributeOf(port, 'name')).join(', ')}`,
      first.line,
      first.column,
    );
  }
  const { owner, port, address, binding, soap } = chosen;
  const type = required(binding, 'type');
  const portType = globals.portType.get(resolveName(binding, type));
  if (!portType) throw new XmlProblem(`The port type '${type}' is not declared`, binding.line, binding.column);
  const version = soap.namespace === soap12 ? '1.2' : '1.1';
  const style = attributeOf(soap, 'style') === 'rpc' ? 'rpc' : 'document';
  return {
    service: attributeOf(owner, 'name') ?? '',
    endpoint: attributeOf(port, 'name') ?? '',
    location: (address && attributeOf(address, 'location')?.trim()) || null,
    documentation: documentationOf(owner) ?? documentationOf(portType) ?? documentationOf(root),
    soapVersion: version,
    operations: childrenOf(binding, 'operation', wsdl).map((bound) =>
      readOperation(bound, portType, soap.namespace, style, globals.message),
    ),
  };
}

type Globals = Readonly<Record<'message' | 'portType' | 'binding', ReadonlyMap<QName, XmlElement>>>;

function globalsOf(definitions: readonly XmlElement[]): Globals {
  const named = (local: string) =>
    new Map(
      definitions.flatMap((one) =>
        childrenOf(one, local, wsdl).map((element): [QName, XmlElement] => [
          qname(attributeOf(one, 'targetNamespace') ?? '', attributeOf(element, 'name') ?? ''),
          element,
        ]),
      ),
    );
  return { message: named('message'), portType: named('portType'), binding: named('binding') };
}

function readOperation(
  bound: XmlElement,
  portType: XmlElement,
  soap: string,
  standard: 'document' | 'rpc',
  messages: ReadonlyMap<QName, XmlElement>,
): WsdlOperation {
  const name = required(bound, 'name');
  // Overloads bear one name: the names of their messages tell them apart.
  const candidates = childrenOf(portType, 'operation', wsdl).filter((one) => attributeOf(one, 'name') === name);
  const inputName = nameOfMessage(bound, 'input');
  const abstract =
    candidates.find((one) => inputName !== undefined && nameOfMessage(one, 'input') === inputName) ?? candidates[0];
  if (!abstract) throw new XmlProblem(`The port type has no operation '${name}'`, bound.line, bound.column);
  const extension = childOf(bound, 'operation', soap);
  const style = extension && attributeOf(extension, 'style');
  const read = (which: 'input' | 'output'): WsdlMessage | null => {
    const declared = childOf(abstract, which, wsdl);
    if (!declared) return null;
    const written = required(declared, 'message');
    const message = messages.get(resolveName(declared, written));
    if (!message) throw new XmlProblem(`The message '${written}' is not declared`, declared.line, declared.column);
    return readMessage(message, childOf(bound, which, wsdl), soap);
  };
  const input = read('input');
  if (!input)
    throw new XmlProblem(
      `The operation '${name}' has no input: notifications are not supported`,
      abstract.line,
      abstract.column,
    );
  return {
    name,
    documentation: documentationOf(abstract),
    action: (extension && attributeOf(extension, 'soapAction')) ?? '',
    style: style === 'rpc' || style === 'document' ? style : standard,
    input,
    output: read('output'),
    at: bound,
  };
}

function readMessage(message: XmlElement, binding: XmlElement | undefined, soap: string): WsdlMessage {
  const multipart = binding && childrenOf(binding, 'multipartRelated')[0];
  const first = multipart && childrenOf(multipart, 'part')[0];
  const owner = first ?? binding;
  const body = owner && childOf(owner, 'body', soap);
  const headers = new Set((owner ? childrenOf(owner, 'header', soap) : []).map((one) => attributeOf(one, 'part')));
  const listed = body && attributeOf(body, 'parts')?.split(/\s+/).filter(Boolean);
  const parts = childrenOf(message, 'part', wsdl).map((part): WsdlPart => {
    const [element, type] = [attributeOf(part, 'element'), attributeOf(part, 'type')];
    return {
      name: required(part, 'name'),
      element: element === undefined ? null : resolveName(part, element),
      type: type === undefined ? null : resolveName(part, type),
      at: part,
    };
  });
  return {
    use: body && attributeOf(body, 'use') === 'encoded' ? 'encoded' : 'literal',
    namespace: (body && attributeOf(body, 'namespace')) ?? '',
    parts: parts.filter(({ name }) => (listed ? listed.includes(name) : !headers.has(name) || parts.length === 1)),
  };
}

function nameOfMessage(operation: XmlElement, which: string): string | undefined {
  const message = childOf(operation, which, wsdl);
  return message && attributeOf(message, 'name');
}

function documentationOf(element: XmlElement): string | null {
  const found = childOf(element, 'documentation', wsdl);
  return (found && textOf(found)) || null;
}

function required(element: XmlElement, name: string): string {
  const value = attributeOf(element, name);
  if (value === undefined || value === '')
    throw new XmlProblem(
      `The element '${localOf(qname('', element.local))}' has no ${name}`,
      element.line,
      element.column,
    );
  return value;
}
