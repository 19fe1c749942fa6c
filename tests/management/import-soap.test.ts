import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { type ClientResponse, send } from '../kit/client.ts';
import { type ManagedServer, startApiManagement } from './api-management-server.ts';

interface Call {
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

let lazuli: ManagedServer;
let backend: Server;
let backendUrl: string;
/** What the SOAP backend received last, and what it answers. */
let last: Call;
let answer: (response: ServerResponse) => void;
beforeAll(async () => {
  backend = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    last = { url: request.url ?? '', headers: request.headers, body: Buffer.concat(chunks).toString() };
    answer(response);
  });
  await new Promise<void>((resolve) => backend.listen(0, '127.0.0.1', resolve));
  backendUrl = `http://127.0.0.1:${(backend.address() as AddressInfo).port}`;
  lazuli = await startApiManagement();
});
afterAll(async () => {
  await lazuli.stop();
  backend.closeAllConnections();
  backend.close();
});
beforeEach(() => {
  answer = soap('1.1', '<ok/>');
});

const envelopes = {
  '1.1': 'http://schemas.xmlsoap.org/soap/envelope/',
  '1.2': 'http://www.w3.org/2003/05/soap-envelope',
};

/** Answers with an envelope around this body. */
function soap(version: '1.1' | '1.2', body: string, status = 200) {
  return (response: ServerResponse) => {
    response.statusCode = status;
    response.setHeader(
      'Content-Type',
      version === '1.1' ? 'text/xml; charset=utf-8' : 'application/soap+xml; charset=utf-8',
    );
    response.end(
      `<?xml version="1.0"?><S:Envelope xmlns:S="${envelopes[version]}" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><S:Body>${body}</S:Body></S:Envelope>`,
    );
  };
}

const fixture = (name: string): string =>
  readFileSync(
    new URL(`../../packages/management/src/apimanagement/import/fixtures/${name}`, import.meta.url),
    'utf8',
  ).replace(/https?:\/\/(calculator|orders|weather)\.example(?=\/(calculator\.asmx|services|rpc))/g, backendUrl);

async function importApi(name: string, wsdl: string, more: object): Promise<void> {
  await lazuli.client.api.beginCreateOrUpdateAndWait(lazuli.group, lazuli.service, name, {
    path: name,
    format: 'wsdl',
    value: wsdl,
    subscriptionRequired: false,
    protocols: ['http', 'https'],
    ...more,
  });
}

async function post(target: string, body: string, headers: Record<string, string>): Promise<ClientResponse> {
  let received: ClientResponse | undefined;
  await vi.waitFor(
    async () => {
      received = await send(lazuli.gatewayPort, { method: 'POST', target, headers, body });
      expect(received.status).not.toBe(404);
    },
    { timeout: 5000, interval: 5 },
  );
  return received as ClientResponse;
}

async function postJson(target: string, body: unknown) {
  const { status, body: text } = await post(target, JSON.stringify(body), { 'Content-Type': 'application/json' });
  return { status, json: JSON.parse(text) };
}

/** Without the space between tags, which means nothing. */
const compact = (xml: string): string => xml.replace(/>\s+</g, '><').trim();

describe('SOAP to REST', () => {
  it('turns JSON into an envelope and the answer into JSON', async () => {
    await importApi('calculator', fixture('calculator.wsdl'), { apiType: 'http' });
    answer = soap('1.1', '<AddResponse xmlns="http://calculator.example/"><AddResult>5</AddResult></AddResponse>');
    const { status, json } = await postJson('/calculator/Add', { add: { intA: 2, intB: 3 } });
    expect({ status, json }).toEqual({ status: 200, json: { addResponse: { addResult: 5 } } });
    expect(last.url).toBe('/calculator.asmx');
    expect(last.headers).toMatchObject({ soapaction: '"http://calculator.example/Add"', 'content-type': 'text/xml' });
    expect(compact(last.body)).toBe(
      '<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/" xmlns:ns0="http://calculator.example/"><soap:Body><ns0:Add><ns0:intA>2</ns0:intA><ns0:intB>3</ns0:intB></ns0:Add></soap:Body></soap:Envelope>',
    );
    expect(await lazuli.client.api.get(lazuli.group, lazuli.service, 'calculator')).toMatchObject({
      displayName: 'Calculator',
      description: 'Sums & more.',
      serviceUrl: backendUrl,
      apiType: 'http',
    });
  });

  it('turns faults into errors', async () => {
    await importApi('faulty', fixture('calculator.wsdl'), { apiType: 'http' });
    answer = soap(
      '1.1',
      '<S:Fault><faultcode>S:Client</faultcode><faultstring>Division by "zero"</faultstring></S:Fault>',
      500,
    );
    expect(await postJson('/faulty/Divide', { divide: { intA: 1, intB: 0 } })).toEqual({
      status: 500,
      json: { error: { code: 'S:Client', message: 'Division by "zero"' } },
    });
    answer = (response) => {
      response.statusCode = 502;
      response.setHeader('Content-Type', 'text/plain');
      response.end('out of "order"');
    };
    expect(await postJson('/faulty/Divide', { divide: { intA: 1, intB: 0 } })).toEqual({
      status: 502,
      json: {
        error: {
          code: 'InvalidErrorResponseBody',
          message: `The error response body was not a valid SOAP error response. The response body was: 'out of "order"'.`,
        },
      },
    });
    answer = soap('1.1', '<DivideResponse><DivideResult>INF</DivideResult></DivideResponse>');
    expect((await postJson('/faulty/Divide', { divide: { intA: 1, intB: 0 } })).json).toEqual({
      divideResponse: { divideResult: 'INF' },
    });
  });

  it('speaks SOAP 1.2', async () => {
    await importApi('calculator12', fixture('calculator.wsdl'), {
      soapApiType: 'http',
      wsdlSelector: { wsdlServiceName: 'Calculator', wsdlEndpointName: 'CalculatorSoap12' },
    });
    answer = soap('1.2', '<AddResponse xmlns="http://calculator.example/"><AddResult>-7</AddResult></AddResponse>');
    expect((await postJson('/calculator12/Add', { add: { intA: 1, intB: -8 } })).json).toEqual({
      addResponse: { addResult: -7 },
    });
    expect(last.headers['content-type']).toBe(
      'application/soap+xml; charset=utf-8; action="http://calculator.example/Add"',
    );
    expect(last.body).toContain('<soap:Envelope xmlns:soap="http://www.w3.org/2003/05/soap-envelope"');
    answer = soap(
      '1.2',
      '<S:Fault><S:Code><S:Value>S:Sender</S:Value></S:Code><S:Reason><S:Text>No</S:Text></S:Reason></S:Fault>',
      400,
    );
    expect((await postJson('/calculator12/Add', {})).json).toEqual({ error: { code: 'S:Sender', message: 'No' } });
  });

  const order = {
    placeOrder: {
      customer: { name: 'A & B <Ltd>', vatNumber: '17', id: 5 },
      placedAt: '2020-01-02T03:04:05Z',
      dueAt: null,
      street: 'Main St "1"',
      lines: {
        line: [
          { sku: 'x', quantity: 2, price: { currency: 'EUR', value: 1.5 }, note: ['a', 'b'] },
          { sku: 'y', quantity: 1, price: { currency: 'USD', value: 3 }, note: [] },
        ],
      },
    },
  };

  it('writes nested types, arrays, attributes, namespaces, optional and nil elements', async () => {
    await importApi('orders', fixture('orders.wsdl'), { apiType: 'http' });
    answer = soap(
      '1.1',
      `<o:PlaceOrderResult xmlns:o="urn:orders" xmlns:t="urn:orders:types"><Number>9007199254740993</Number><Status>open</Status><Weight>1.5E3</Weight><Accepted>1</Accepted><Total currency="EUR">6.00</Total><Lines><Line><t:Sku>say "x"\n</t:Sku><t:Quantity>2</t:Quantity><t:Price currency="EUR">1.50</t:Price><t:Note>n1</t:Note></Line></Lines><Remark xsi:nil="true"/></o:PlaceOrderResult>`,
    );
    const text = await post('/orders/PlaceOrder', JSON.stringify(order), { 'Content-Type': 'application/json' });
    expect(compact(last.body)).toBe(
      compact(`<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/" xmlns:ns0="urn:orders" xmlns:ns1="urn:orders:types" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><soap:Body><ns0:PlaceOrder>
        <Customer id="5"><ns1:Name>A &amp; B &lt;Ltd&gt;</ns1:Name><ns1:VatNumber>17</ns1:VatNumber></Customer>
        <PlacedAt>2020-01-02T03:04:05Z</PlacedAt><DueAt xsi:nil="true"/><Street>Main St &#34;1&#34;</Street>
        <Lines><Line><ns1:Sku>x</ns1:Sku><ns1:Quantity>2</ns1:Quantity><ns1:Price currency="EUR">1.5</ns1:Price><ns1:Note>a</ns1:Note><ns1:Note>b</ns1:Note></Line>
        <Line><ns1:Sku>y</ns1:Sku><ns1:Quantity>1</ns1:Quantity><ns1:Price currency="USD">3</ns1:Price></Line></Lines>
        </ns0:PlaceOrder></soap:Body></soap:Envelope>`),
    );
    // A long number keeps its digits.
    expect(text.body).toMatch(/"number": 9007199254740993\b/);
    expect(JSON.parse(text.body)).toEqual({
      placeOrderResult: {
        number: 9007199254740992,
        status: 'open',
        weight: 1500,
        accepted: true,
        total: { currency: 'EUR', value: 6 },
        lines: {
          line: [{ sku: 'say "x"\n', quantity: 2, price: { currency: 'EUR', value: 1.5 }, note: ['n1'] }],
        },
        remark: null,
      },
    });
  });

  it('takes no item, one and many, and bare elements', async () => {
    await importApi('orders2', fixture('orders.wsdl'), { apiType: 'http' });
    answer = soap('1.1', '<o:PlaceOrderResult xmlns:o="urn:orders"><Lines/></o:PlaceOrderResult>');
    expect((await postJson('/orders2/PlaceOrder', order)).json.placeOrderResult).toEqual({
      number: null,
      status: null,
      weight: null,
      accepted: null,
      total: null,
      lines: { line: [] },
      remark: null,
    });
    answer = soap(
      '1.1',
      '<o:PlaceOrderResult xmlns:o="urn:orders"><Lines><Line><Sku>a</Sku></Line><Line><Sku>b</Sku></Line></Lines></o:PlaceOrderResult>',
    );
    const { lines } = (await postJson('/orders2/PlaceOrder', order)).json.placeOrderResult;
    expect(lines.line.map((one: { sku: string }) => one.sku)).toEqual(['a', 'b']);
    answer = soap('1.1', '<o:OrderStatus xmlns:o="urn:orders">shipped</o:OrderStatus>');
    expect((await postJson('/orders2/GetStatus', { orderNumber: 17 })).json).toEqual({ orderStatus: 'shipped' });
    expect(compact(last.body)).toContain('<soap:Body><ns0:OrderNumber>17</ns0:OrderNumber></soap:Body>');
  });

  it('speaks rpc/literal', async () => {
    await importApi('weather', fixture('weather-rpc.wsdl'), { apiType: 'http' });
    answer = soap(
      '1.1',
      '<w:getForecastResponse xmlns:w="urn:weather"><forecasts><item><day>2020-01-02</day><degrees>-3.5</degrees></item><item><day>2020-01-03</day><degrees>NaN</degrees></item></forecasts></w:getForecastResponse>',
    );
    expect((await postJson('/weather/getForecast', { getForecast: { city: 'Oslo', days: 2 } })).json).toEqual({
      getForecastResponse: {
        forecasts: {
          item: [
            { day: '2020-01-02', degrees: -3.5 },
            { day: '2020-01-03', degrees: 'NaN' },
          ],
        },
      },
    });
    expect(compact(last.body)).toContain('<ns0:getForecast><city>Oslo</city><days>2</days></ns0:getForecast>');
  });
});

describe('SOAP pass-through', () => {
  const request = (action: string) =>
    `<S:Envelope xmlns:S="${envelopes['1.1']}"><S:Body><c:${action} xmlns:c="http://calculator.example/"><c:intA>1</c:intA><c:intB>x</c:intB></c:${action}></S:Body></S:Envelope>`;

  it('finds the operation by its action and hands the envelope on', async () => {
    await importApi('soap', fixture('calculator.wsdl'), { apiType: 'soap' });
    const { client, group, service } = lazuli;
    expect(await client.api.get(group, service, 'soap')).toMatchObject({ apiType: 'soap', serviceUrl: backendUrl });
    expect(await client.apiOperation.get(group, service, 'soap', 'add')).toMatchObject({
      method: 'POST',
      urlTemplate: '/?soapAction=http://calculator.example/Add',
    });
    const headers = { 'Content-Type': 'text/xml', SOAPAction: '"http://calculator.example/Add"' };
    const { status, body } = await post('/soap', request('Add'), headers);
    expect({ status, body }).toMatchObject({ status: 200, body: expect.stringContaining('<ok/>') });
    expect(last).toMatchObject({ url: '/calculator.asmx', body: request('Add') });
    const unknown = await send(lazuli.gatewayPort, {
      method: 'POST',
      target: '/soap',
      headers: { 'Content-Type': 'text/xml', SOAPAction: 'urn:other' },
      body: request('Add'),
    });
    expect(unknown.status).toBe(404);
  });

  it('validates bodies against the schemas of the WSDL', async () => {
    await importApi('checked', fixture('calculator.wsdl'), { apiType: 'soap' });
    const { client, group, service } = lazuli;
    await client.apiPolicy.createOrUpdate(group, service, 'checked', 'policy', {
      format: 'rawxml',
      value:
        '<policies><inbound><base /><validate-content unspecified-content-type-action="prevent" max-size="102400" size-exceeded-action="prevent"><content type="text/xml" validate-as="soap" action="prevent" /></validate-content></inbound><backend><base /></backend><outbound><base /></outbound><on-error><base /></on-error></policies>',
    });
    const headers = { 'Content-Type': 'text/xml', SOAPAction: 'http://calculator.example/Add' };
    await vi.waitFor(async () => expect((await post('/checked', request('Add'), headers)).status).toBe(400), {
      timeout: 5000,
      interval: 5,
    });
    expect((await post('/checked', request('Add').replace('x<', '2<'), headers)).status).toBe(200);
  });
});

describe('WSDL that cannot be imported', () => {
  it.each([
    ['no XML', 'hello', /Parsing error\(s\): .*Line 1, position/],
    ['not WSDL', '<a/>', /root element is 'a'.*Line 1, position/],
    ['a DTD', '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', /DTD\) is not allowed.*Line 1/],
  ])('%s', async (_, wsdl, message) => {
    const failed = importApi('broken', wsdl, { apiType: 'http' });
    await expect(failed).rejects.toMatchObject({
      code: 'ValidationError',
      details: { error: { details: [{ target: 'value', message: expect.stringMatching(message) }] } },
    });
  });
});
