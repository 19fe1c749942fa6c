import type { PolicyCompiler } from '../compile/policy-compiler.ts';
import { attributeOf, type PolicyElement } from '../document/element.ts';
import type { Exchange } from '../exchange.ts';
import { onBackendResponse } from '../http/backend-response.ts';
import { checkCompletion } from '../llm/completion-safety.ts';
import { checkSafety, failed, largestWindow, type SafetyRules, windowsOf } from '../llm/content-safety.ts';
import { readRequestBody } from '../llm/llm-request.ts';
import { promptMessages } from '../llm/prompt-text.ts';
import { decodeText } from '../message/body-text.ts';
import { holderElement, textElement } from '../schema/child-schemas.ts';
import type { AttributeSchema, ChildSchema, PolicyDefinition } from '../schema/definition.ts';

const outputType: AttributeSchema = {
  type: 'enum',
  values: ['FourSeverityLevels', 'EightSeverityLevels'],
  default: 'FourSeverityLevels',
  expression: true,
};

const categoryElement: ChildSchema = {
  name: 'category',
  min: 1,
  max: Number.POSITIVE_INFINITY,
  element: {
    attributes: {
      name: { type: 'enum', values: ['Hate', 'SelfHarm', 'Sexual', 'Violence'], required: true, expression: true },
      threshold: { type: 'int', required: true, expression: true, min: 0, max: 7 },
    },
  },
};

/** Lets prompts, and answers of language models, pass only when Azure AI Content Safety finds them harmless. */
export const llmContentSafety: PolicyDefinition = {
  name: 'llm-content-safety',
  sections: ['inbound', 'outbound'],
  scopes: ['global', 'workspace', 'product', 'api'],
  element: {
    attributes: {
      'backend-id': { type: 'string', required: true, expression: true, nonEmpty: true },
      'shield-prompt': { type: 'boolean', default: 'false', expression: true },
      'enforce-on-completions': { type: 'boolean', default: 'false', expression: true },
      'window-size': { type: 'int', expression: true, min: 1, max: largestWindow, note: 'characters' },
      'window-overlap-size': { type: 'int', default: '0', expression: true, min: 0, max: largestWindow - 1 },
    },
    children: {
      kind: 'all',
      items: [
        holderElement('categories', [categoryElement], { 'output-type': outputType }),
        holderElement('blocklists', [textElement('id', { required: true, min: 1 })]),
      ],
    },
  },
  validate(element, compiler) {
    const backend = attributeOf(element, 'backend-id')?.value;
    if (backend?.kind === 'literal' && !backend.unresolved && !compiler.environment.backends.has(backend.text))
      compiler.report(element, `Backend with id '${backend.text}' could not be found.`, backend.at);
  },
  compile(element, compiler) {
    const rulesOf = compileRules(element, compiler);
    const enforced = compiler.boolean(element, 'enforce-on-completions');
    const size = compiler.has(element, 'window-size') ? compiler.int(element, 'window-size') : null;
    const overlap = compiler.int(element, 'window-overlap-size');

    return async (exchange) => {
      const rules = rulesOf(exchange);
      const completion = {
        // Attacks are made in prompts.
        rules: { ...rules, shieldPrompt: false },
        size: size?.get(exchange) ?? completionWindow,
        overlap: overlap.get(exchange),
      };
      if (compiler.section === 'outbound') {
        await checkCompletion(exchange, completion);
        return undefined;
      }
      await checkPrompt(exchange, rules, overlap.get(exchange));
      if (!enforced.get(exchange)) return undefined;
      // A compressed answer could not be read while it flows.
      exchange.request.headers.remove('Accept-Encoding');
      onBackendResponse(exchange, () => checkCompletion(exchange, completion));
      return undefined;
    };
  },
  notes:
    'The backend entity has the endpoint of Azure AI Content Safety, or of a service that speaks its REST API (text:analyze, text:shieldPrompt), and its credentials. All texts of the prompt are checked, 10,000 characters at a time; answers window-size characters at a time (1,000 unless given), of the choices that carry text. An answer that is no stream is refused whole; a stream ends before the window that may not pass. What cannot be checked is refused too.',
};

const completionWindow = 1_000;

function compileRules(element: PolicyElement, compiler: PolicyCompiler): (exchange: Exchange) => SafetyRules {
  const backend = compiler.string(element, 'backend-id');
  const shield = compiler.boolean(element, 'shield-prompt');
  const categoryList = compiler.child(element, 'categories');
  const outputType = categoryList ? compiler.choice(categoryList, 'output-type') : null;
  const categories = (categoryList ? compiler.children(categoryList, 'category') : []).map((category) => ({
    name: compiler.choice(category, 'name'),
    threshold: compiler.int(category, 'threshold'),
  }));
  const blocklistList = compiler.child(element, 'blocklists');
  const blocklists = (blocklistList ? compiler.children(blocklistList, 'id') : []).map((id) => compiler.text(id));
  return (exchange) => ({
    backendId: backend.get(exchange) ?? '',
    shieldPrompt: shield.get(exchange),
    outputType: outputType?.get(exchange) ?? 'FourSeverityLevels',
    categories: categories.map(({ name, threshold }) => ({
      name: name.get(exchange),
      threshold: threshold.get(exchange),
    })),
    blocklists: blocklists.flatMap((id) => id.get(exchange) ?? []),
  });
}

async function checkPrompt(exchange: Exchange, rules: SafetyRules, overlap: number): Promise<void> {
  const content = await readRequestBody(exchange);
  if (!(content instanceof Uint8Array)) throw failed('The prompt is too large to be checked.');
  const text = promptMessages(parsed(decodeText(content, null)))
    .map((message) => message.text)
    .join('\n');
  await checkSafety(exchange, rules, windowsOf(text, largestWindow, overlap));
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
