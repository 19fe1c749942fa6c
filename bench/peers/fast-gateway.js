import gateway from 'fast-gateway';

const [port, backend] = process.argv.slice(2).map(Number);
gateway({
  routes: [{ prefix: '/plain', target: `http://127.0.0.1:${backend}`, pathRegex: '/*' }],
}).start(port, '127.0.0.1');
