/**
 * The services behind Contoso's APIs, all in one small server: orders, customers and two warehouses. State is in memory
 * and begins anew at each start. Everything it got and the gateway might have changed can be seen in its answers.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';

interface Order {
  id: string;
  status: 'open' | 'shipped' | 'cancelled';
  total: number;
  placedBy: string;
  lines: unknown[];
  review?: string;
}

const customers = new Map([
  ['c-1', { id: 'c-1', name: 'Adele Vance', email: 'adele.vance@contoso.example' }],
  ['c-2', { id: 'c-2', name: 'Miriam Graham', email: 'miriam.graham@contoso.example' }],
]);
const stock = new Map([
  ['lamp-01', 42],
  ['desk-02', 7],
]);

type Route = (match: RegExpExecArray, request: IncomingMessage, body: string, query: URLSearchParams) => Answer;
interface Answer {
  readonly status: number;
  readonly body?: unknown;
}

export function createContosoBackend(): Server {
  const orders = new Map<string, Order>([
    [
      '1001',
      {
        id: '1001',
        status: 'shipped',
        total: 129.8,
        placedBy: 'Contoso shop',
        lines: [{ sku: 'lamp-01', quantity: 2, price: 64.9 }],
      },
    ],
    [
      '1002',
      {
        id: '1002',
        status: 'open',
        total: 349,
        placedBy: 'Fabrikam',
        lines: [{ sku: 'desk-02', quantity: 1, price: 349 }],
      },
    ],
  ]);
  const down = new Set<string>();

  const routes: readonly (readonly [method: string, path: RegExp, route: Route])[] = [
    [
      'GET',
      /^\/orders-service\/orders\/?$/,
      (_, __, ___, query) => {
        const status = query.get('status');
        const all = [...orders.values()].filter((order) => status === null || order.status === status);
        return { status: 200, body: all.slice(0, Number(query.get('limit') ?? 100)) };
      },
    ],
    [
      'POST',
      /^\/orders-service\/orders\/?$/,
      (_, request, body) => {
        const id = String(1001 + orders.size);
        const review = request.headers['x-review'];
        const order: Order = { ...JSON.parse(body), id, status: 'open', ...(review ? { review: String(review) } : {}) };
        orders.set(id, order);
        return { status: 200, body: order };
      },
    ],
    ['GET', /^\/orders-service\/orders\/([^/]+)$/, ([, id]) => found(orders.get(id ?? ''))],
    [
      'DELETE',
      /^\/orders-service\/orders\/([^/]+)$/,
      ([, id]) => {
        const order = orders.get(id ?? '');
        if (!order) return found(undefined);
        order.status = 'cancelled';
        return { status: 204 };
      },
    ],
    ['GET', /^\/customers-service\/([^/]+)$/, ([, id]) => found(customers.get(id ?? ''))],
    [
      'GET',
      /^\/warehouses\/(north|south)\/stock\/([^/]+)$/,
      ([, warehouse, sku]) => {
        if (down.has(warehouse ?? '')) return { status: 503, body: { error: `Warehouse ${warehouse} is closed` } };
        const pieces = stock.get(sku ?? '');
        return found(
          pieces === undefined ? undefined : { sku, pieces, warehouse, countedAt: new Date().toISOString() },
        );
      },
    ],
    [
      'POST',
      /^\/warehouses\/(north|south)\/stock\/([^/]+)\/recount$/,
      ([, warehouse, sku]) => ({ status: 200, body: { sku, warehouse, queued: true } }),
    ],
    // For trying the circuit breaker: POST /warehouses/north/close and /open, straight at this service.
    [
      'POST',
      /^\/warehouses\/(north|south)\/(close|open)$/,
      ([, warehouse, action]) => {
        if (action === 'close') down.add(warehouse ?? '');
        else down.delete(warehouse ?? '');
        return { status: 204 };
      },
    ],
  ];

  return createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://contoso.internal');
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      for (const [method, path, route] of routes) {
        const match = request.method === method ? path.exec(url.pathname) : null;
        if (match)
          return answer(
            response,
            attempt(() => route(match, request, Buffer.concat(chunks).toString(), url.searchParams)),
          );
      }
      answer(response, { status: 404, body: { error: `No such resource: ${request.method} ${url.pathname}` } });
    });
  });
}

function found(body: unknown): Answer {
  return body === undefined ? { status: 404, body: { error: 'Not found' } } : { status: 200, body };
}

function attempt(run: () => Answer): Answer {
  try {
    return run();
  } catch (error) {
    return { status: 400, body: { error: String(error) } };
  }
}

function answer(response: ServerResponse, { status, body }: Answer): void {
  response.setHeader('X-Powered-By', 'Contoso');
  if (body === undefined) {
    response.writeHead(status).end();
    return;
  }
  response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(body));
}
