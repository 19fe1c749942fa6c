import type { Exchange, ExchangeResponse } from '../exchange.ts';
import { MessageBody } from '../http/body.ts';
import { HeaderList } from '../http/header-list.ts';
import { compileSetBody, setBodyElement } from '../message/body-edit.ts';
import { existsActionElement } from '../message/exists-action.ts';
import { compileSetHeader, validateSetHeader } from '../message/header-edit.ts';
import { readResponseVariable } from '../message/response-variable.ts';
import { compileSetStatus, setStatusElement, validateSetStatus } from '../message/status-edit.ts';
import type { PolicyDefinition } from '../schema/definition.ts';

/** Ends the pipeline and answers: with a response of its own, or with one that `send-request` stored, changed by its children. */
export const returnResponse: PolicyDefinition = {
  name: 'return-response',
  sections: ['inbound', 'backend', 'outbound', 'on-error'],
  scopes: ['global', 'workspace', 'product', 'api', 'operation'],
  element: {
    attributes: { 'response-variable-name': { type: 'string', expression: false, nonEmpty: true } },
    children: {
      kind: 'sequence',
      items: [
        { name: 'set-status', min: 0, max: 1, element: setStatusElement },
        { name: 'set-header', min: 0, max: Number.POSITIVE_INFINITY, element: existsActionElement },
        { name: 'set-body', min: 0, max: 1, element: setBodyElement },
      ],
    },
  },
  validate(element, compiler) {
    for (const child of compiler.children(element, 'set-status')) validateSetStatus(child, compiler);
    for (const child of compiler.children(element, 'set-header')) validateSetHeader(child, compiler);
  },
  compile(element, compiler) {
    const variable = compiler.string(element, 'response-variable-name').constant ?? null;
    const statusElement = compiler.child(element, 'set-status');
    const bodyElement = compiler.child(element, 'set-body');
    const status = statusElement && compileSetStatus(statusElement, compiler);
    const headers = compiler.children(element, 'set-header').map((child) => compileSetHeader(child, compiler));
    const body = bodyElement && compileSetBody(bodyElement, compiler, 'none');

    return (exchange) => {
      // Built aside: expressions of the children still see the response that is there.
      const answer = variable === null ? emptyResponse() : storedResponse(exchange, variable);
      if (status) Object.assign(answer, status(exchange));
      for (const edit of headers) edit(exchange, answer.headers);
      if (body) {
        const bytes = body(exchange);
        answer.body = bytes.length > 0 ? MessageBody.fromBytes(bytes) : null;
      }
      const previous = exchange.response;
      exchange.response = answer;
      previous?.body?.discard();
      return 'respond';
    };
  },
};

const emptyResponse = (): ExchangeResponse => ({ status: 200, reason: 'OK', headers: new HeaderList(), body: null });

function storedResponse(exchange: Exchange, variable: string): ExchangeResponse {
  const view = readResponseVariable(exchange, variable);
  const bytes = view.body?.bytes();
  return {
    status: view.statusCode,
    reason: view.statusReason,
    headers: withoutFraming(view.headers.entries()),
    body: bytes && bytes.length > 0 ? MessageBody.fromBytes(bytes) : null,
  };
}

/** The stored body is whole: what framed it on its way here does not frame it on its way out. */
function withoutFraming(entries: Iterable<readonly [string, string]>): HeaderList {
  const framing = new Set(['connection', 'keep-alive', 'transfer-encoding', 'content-length', 'trailer', 'upgrade']);
  return HeaderList.from([...entries].filter(([name]) => !framing.has(name.toLowerCase())));
}
