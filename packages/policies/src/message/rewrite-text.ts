import type { Exchange } from '../exchange.ts';
import type { Step } from '../pipeline/step.ts';
import { messageIn, readText, replaceText } from './body-text.ts';

/** A step that rewrites the text of a body; `rewrite` gives null when everything stays as it is. */
export function rewriteText(
  which: 'request' | 'response',
  rewrite: (exchange: Exchange, text: string) => { readonly text: string; readonly contentType?: string } | null,
): Step {
  return (exchange) => {
    const message = messageIn(exchange, which);
    const text = readText(message, exchange.limits.policyBodyBytes);
    const apply = (original: string | null): undefined => {
      if (original === null || !message) return;
      const result = rewrite(exchange, original);
      if (result) replaceText(message, result.text, result.contentType);
    };
    return text instanceof Promise ? text.then(apply) : apply(text);
  };
}
