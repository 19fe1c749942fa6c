import { xmlProblem } from '../xml-body.ts';
import { SchemaCheckAborted, SchemaChecker } from './schema-checker.ts';
import type { XmlSchemaSet } from './schema-set.ts';

/** One thread for the whole process; it starts with the first body that needs it. */
const checker = new SchemaChecker();

/** A text without schemas that is not longer is looked at where requests are served: that takes some milliseconds at most. */
const largestHere = 16 * 1024;

/**
 * What is wrong with a text, with line and position, or null: it must be well-formed XML, or a SOAP envelope, and what the
 * schemas say, if there are any. With `soap`, the content of the envelope's body is checked.
 * Rejects with `UnusableSchema`.
 */
export async function xmlSchemaProblem(
  set: XmlSchemaSet | null,
  text: string,
  kind: 'xml' | 'soap',
): Promise<string | null> {
  if (!set && text.length <= largestHere) return xmlProblem(text, kind);
  try {
    return await checker.check(set, text, kind);
  } catch (error) {
    if (!(error instanceof SchemaCheckAborted)) throw error;
    return 'The XML is too complex to be validated. Line: 1, Position: 1';
  }
}
