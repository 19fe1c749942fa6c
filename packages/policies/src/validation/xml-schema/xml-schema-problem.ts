import { placeOfElement } from './element-place.ts';
import { SchemaCheckAborted, SchemaChecker } from './schema-checker.ts';
import { schemaProblemText } from './schema-problem-text.ts';
import type { XmlSchemaSet } from './schema-set.ts';

/** One thread for the whole process; it starts with the first body. */
const checker = new SchemaChecker();

/**
 * What is wrong with a well-formed text by an XML schema, with line and position, or null. With `soap`, the content of the
 * envelope's body is checked.
 * Rejects with `UnusableSchema`.
 */
export async function xmlSchemaProblem(set: XmlSchemaSet, text: string, kind: 'xml' | 'soap'): Promise<string | null> {
  try {
    const problem = await checker.check(set, text, kind);
    if (!problem) return null;
    const place = problem.path === null ? null : placeOfElement(text, problem.path);
    const words = schemaProblemText(problem, (path) => placeOfElement(text, path)?.parent ?? null);
    return `${words} Line: ${place?.line ?? problem.line}, Position: ${place?.position ?? 1}`;
  } catch (error) {
    if (!(error instanceof SchemaCheckAborted)) throw error;
    return 'The XML is too complex to be validated. Line: 1, Position: 1';
  }
}
