import { Client, type ClientConfig } from 'pg';

/** A connection that hears notifications on a channel and connects again when it breaks, until it is closed. */
export class Listening {
  private client: Client | undefined;
  private timer: NodeJS.Timeout | undefined;
  private closed = false;
  private readonly config: ClientConfig;
  private readonly channel: string;
  private readonly listener: () => void;

  constructor(config: ClientConfig, channel: string, listener: () => void) {
    this.config = config;
    this.channel = channel;
    this.listener = listener;
    this.connect();
  }

  async close(): Promise<void> {
    this.closed = true;
    clearTimeout(this.timer);
    await this.client?.end().catch(() => undefined);
  }

  private connect(): void {
    const client = new Client({ ...this.config, pipeline: false });
    this.client = client;
    let again = (): void => {
      again = () => {};
      if (this.closed) return;
      this.timer = setTimeout(() => this.connect(), 1_000);
      this.timer.unref();
    };
    // Either may come first, or alone; notifications are a hint, so what is missed meanwhile is found by looking.
    client.on('error', () => {
      client.end().catch(() => undefined);
      again();
    });
    client.on('end', () => again());
    client.on('notification', () => this.listener());
    client
      .connect()
      .then(() => client.query(`LISTEN "${this.channel}"`))
      .then(() => this.listener())
      .catch(() => {
        client.end().catch(() => undefined);
        again();
      });
  }
}
