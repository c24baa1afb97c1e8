import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import type { ParticipantRole } from '../../protocol/views.ts';

/** A node's sockets at this moment. */
export interface OpenSockets {
  /** Sockets by role; `handshaking` are those without an accepted hello. */
  readonly open: Readonly<Record<ParticipantRole | 'console' | 'handshaking', number>>;
  /** Bytes that wait to be read by peers. */
  readonly bufferedBytes: number;
}

/** What `/metrics` tells about a node's sockets. Labels are from small closed sets. */
export class SocketMetrics {
  readonly #received: Counter<'type'>;
  readonly #sent: Counter<'type'>;
  readonly #closed: Counter<'code'>;
  readonly #slowReaders: Counter;
  readonly #steps: Histogram<'step'>;

  constructor(registry: Registry, readSockets: () => OpenSockets) {
    const registers = [registry];
    new Gauge({
      name: 'rtc_desk_sockets',
      help: 'Open sockets of this node, by role',
      labelNames: ['role'],
      registers,
      collect() {
        for (const [role, count] of Object.entries(readSockets().open)) this.set({ role }, count);
      },
    });
    new Gauge({
      name: 'rtc_desk_socket_buffered_bytes',
      help: 'Bytes that wait for slow readers',
      registers,
      collect() {
        this.set(readSockets().bufferedBytes);
      },
    });
    this.#received = new Counter({
      name: 'rtc_desk_messages_received_total',
      help: 'Messages read from sockets, by type; `refused` were not understood',
      labelNames: ['type'],
      registers,
    });
    this.#sent = new Counter({
      name: 'rtc_desk_messages_sent_total',
      help: 'Frames written to sockets, by type',
      labelNames: ['type'],
      registers,
    });
    this.#closed = new Counter({
      name: 'rtc_desk_sockets_closed_total',
      help: 'Sockets that this server closed, by close code',
      labelNames: ['code'],
      registers,
    });
    this.#slowReaders = new Counter({
      name: 'rtc_desk_slow_readers_total',
      help: 'Sockets that were cut off because the peer did not read',
      registers,
    });
    this.#steps = new Histogram({
      name: 'rtc_desk_call_step_seconds',
      help: 'Steps from the press of the button to the first picture; `total` is all of them',
      labelNames: ['step'],
      buckets: [0.05, 0.1, 0.25, 0.5, 1, 2, 3, 5, 10, 30, 60, 120, 300, 600],
      registers,
    });
  }

  countReceived(type: string): void {
    this.#received.inc({ type });
  }

  countSent(type: string): void {
    this.#sent.inc({ type });
  }

  countClosed(code: string): void {
    this.#closed.inc({ code });
  }

  /** In ms; a step that is null is not known. */
  observeSteps(steps: Readonly<Record<string, number | null>>): void {
    for (const [step, ms] of Object.entries(steps)) {
      if (ms !== null) this.#steps.observe({ step }, ms / 1000);
    }
  }

  countSlowReader(): void {
    this.#slowReaders.inc();
  }
}
