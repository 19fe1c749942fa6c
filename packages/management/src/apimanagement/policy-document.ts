import { compileDocument, convertPolicyText, type PolicyProblem, type Scope } from '@lazuli/policies';
import type { PolicyDocument } from '@lazuli/resources';
import type { JsonObject, ResourceRecord } from '@lazuli/store';
import type { BodyProblem, ReadContext, WriteContext } from '../contract.ts';
import { propertiesOf, withProperties } from '../json/properties.ts';
import { object, type Schema, string } from '../schema/schema.ts';
import { compileEnvironmentOf } from './compile-environment.ts';
import { fetchText } from './fetch-text.ts';

export const policyFormats = ['xml', 'rawxml', 'xml-link', 'rawxml-link'] as const;

/** Members of a policy document: `value` in one of four formats. */
export const policyBody: Readonly<Record<string, Schema>> = {
  properties: object(
    {
      format: string({ values: policyFormats, default: 'xml' }),
      value: string({ required: true }),
    },
    { required: true },
  ),
};

/** The document as it was given, kept byte for byte; a link is fetched once, now. */
export async function preparePolicy(
  write: WriteContext,
  kind: 'policies' | 'fragment',
  scope: Scope,
  serviceId: string,
) {
  const { format, value } = propertiesOf(write.body);
  if (typeof value !== 'string') return {};
  const isRaw = String(format).startsWith('rawxml');
  let text = value;
  if (String(format).endsWith('-link')) {
    // What is behind the link is known when the deployment runs.
    if (write.call.preflight) return {};
    const fetched = await fetchText(value);
    if ('problem' in fetched)
      return {
        problems: [{ target: 'properties.value', message: `Cannot read the policy at '${value}': ${fetched.problem}` }],
      };
    text = fetched.text;
  }
  const document: PolicyDocument = { format: isRaw ? 'rawxml' : 'xml', text, file: 'value' };
  const environment = await compileEnvironmentOf(serviceId, write.reader);
  const { problems } = compileDocument(document, { kind, scope, environment });
  // A document that refers to what is not there yet cannot be judged as a whole before it is.
  const refersToMissing = problems.some(isMissingReference);
  return {
    body: withProperties(write.body, { format: document.format, value: text }),
    problems: problems
      .filter(({ severity }) => severity === 'error')
      .map(({ target, message }): BodyProblem => ({ target, message, isReference: refersToMissing })),
  };
}

/** The document in the format that the caller asks for (`?format=rawxml`): `xml` unless it says otherwise. */
export function presentPolicy(document: JsonObject, record: ResourceRecord, { query }: ReadContext): JsonObject {
  const { format, value } = propertiesOf(record.body);
  const wanted = /^rawxml/i.test(query.get('format') ?? 'xml') ? 'rawxml' : 'xml';
  if (typeof value !== 'string' || format === wanted) return withProperties(document, { format: wanted });
  const from = format === 'rawxml' ? 'rawxml' : 'xml';
  return withProperties(document, { format: wanted, value: convertPolicyText(value, from, wanted) });
}

function isMissingReference({ code, message }: PolicyProblem): boolean {
  return code === 'PolicyReference' || code === 'PolicyNamedValue' || /could not be found\.$/.test(message);
}
