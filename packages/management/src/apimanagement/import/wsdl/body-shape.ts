import { XmlProblem } from '../xml/xml-tree.ts';
import type { SchemaSet } from '../xsd/schema-set.ts';
import type { ComplexShape, Member } from '../xsd/shape.ts';
import type { WsdlMessage, WsdlOperation } from './read-wsdl.ts';

/**
 * The elements inside the SOAP body of a message, as the members of one shape: the wrapper of rpc messages, the elements of
 * the parts of document messages.
 * @throws {XmlProblem} for what cannot be said in JSON
 */
export function bodyShape(
  operation: WsdlOperation,
  message: WsdlMessage,
  which: 'input' | 'output',
  schemas: SchemaSet,
): ComplexShape {
  const { line, column } = operation.at;
  if (message.use === 'encoded')
    throw new XmlProblem(
      `The operation '${operation.name}' uses SOAP encoding, which SOAP to REST does not support: expected use="literal"`,
      line,
      column,
    );
  if (operation.style === 'document')
    return complex(message.parts.map((part) => documentPart(operation, part, schemas)));
  const wrapper = complex(
    message.parts.map((part): Member => {
      if (part.element !== null) return elementOf(part.element, part, schemas);
      const type = part.type;
      if (type === null) throw new XmlProblem(`The part '${part.name}' has no type`, part.at.line, part.at.column);
      return { ...unqualified(part.name), shape: () => schemas.type(type, part.at) };
    }),
  );
  const local = which === 'input' ? operation.name : `${operation.name}Response`;
  return complex([{ ...unqualified(local), namespace: message.namespace, shape: () => wrapper }]);
}

type Part = WsdlMessage['parts'][number];

function documentPart(operation: WsdlOperation, part: Part, schemas: SchemaSet): Member {
  if (part.element === null)
    throw new XmlProblem(
      `The part '${part.name}' of the operation '${operation.name}' has a type: document style needs an element`,
      part.at.line,
      part.at.column,
    );
  return elementOf(part.element, part, schemas);
}

function elementOf(name: string, { at }: Part, schemas: SchemaSet): Member {
  const found = schemas.element(name);
  if (!found) throw new XmlProblem(`The element '${name}' is not declared`, at.line, at.column);
  return found;
}

const unqualified = (local: string) => ({
  local,
  namespace: '',
  isRequired: true,
  isArray: false,
  isNillable: false,
});

const complex = (members: readonly Member[]): ComplexShape => ({
  kind: 'complex',
  name: null,
  members,
  attributes: [],
  text: null,
  isEncodedArray: false,
});
