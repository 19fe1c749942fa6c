import { evaluationFailure } from '../evaluation-failure.ts';

/** What is wrong with the URL, or undefined. Only http and https are spoken; a line break has no place in a URL. */
export function requestUrlProblem(url: string): string | undefined {
  const shown = url.slice(0, 200).replace(/[^\x20-\x7e]/g, '?');
  if (/\p{Cc}/u.test(url)) return `The URL '${shown}' has control characters in it.`;
  if (!URL.canParse(url)) return `'${shown}' is not an absolute URL such as https://host/path.`;
  const { protocol } = new URL(url);
  if (protocol !== 'http:' && protocol !== 'https:')
    return `The URL '${shown}' has the scheme '${protocol.slice(0, -1)}'; expected http or https.`;
  return undefined;
}

/** The URL in its normal form. @throws {PolicyError} ExpressionValueEvaluationFailure. */
export function requestUrl(text: string): URL {
  const url = text.trim();
  const problem = requestUrlProblem(url);
  if (problem) throw evaluationFailure(problem);
  return new URL(url);
}
