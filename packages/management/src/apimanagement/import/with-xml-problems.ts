import { failed, type Imported, parsingError } from './import-api.ts';
import { LinkProblem } from './linked-documents.ts';
import { XmlProblem } from './xml/xml-tree.ts';

/** Turns what an importer throws about its document into problems of the request. */
export async function withXmlProblems(read: () => Promise<Imported>): Promise<Imported> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof LinkProblem) return failed('properties.value', error.message);
    if (error instanceof XmlProblem) return failed('properties.value', parsingError(error.message));
    throw error;
  }
}
