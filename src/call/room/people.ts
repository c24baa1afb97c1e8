import type { LocalMediaSnapshot } from '../../media/local-media.ts';
import type { MediaSnapshot, RemoteMedia } from '../../media/media.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Participant, Ticket } from '../../protocol/views.ts';
import { keepUnchanged } from '../../snapshot/keep-unchanged.ts';
import type { Person } from '../room-control.ts';
import { Speaking } from './speaking.ts';

/** The devices that somebody does not have, or may not use. */
export interface MissingDevices {
  readonly camera: boolean;
  readonly microphone: boolean;
}

export const missingDevices = ({ camera, microphone }: LocalMediaSnapshot): MissingDevices => ({
  camera: camera.state === 'failed',
  microphone: microphone.state === 'failed',
});

/** What the people of a room are read from. */
export interface PeopleSources {
  readonly ticket: Ticket;
  readonly participants: readonly Participant[];
  readonly local: LocalMediaSnapshot;
  /** Null if there are no media. */
  readonly media: MediaSnapshot | null;
  /** The others who have told which devices they lack. */
  readonly missing: ReadonlyMap<string, MissingDevices>;
  /** The state of somebody who is unknown to the media. */
  readonly unknown: 'connecting' | 'connected';
}

/** The people of a room as tiles show them: this person first, then the others in the order of entering. */
export class RoomPeople {
  readonly #speaking = new Speaking();
  #people: readonly Person[] = [];
  #cancelSilence: (() => void) | null = null;

  /** `onSilence`: somebody has stopped speaking, so that `read` would return something else. */
  constructor(
    private readonly clock: Clock,
    private readonly onSilence: () => void,
  ) {}

  /** Returns the earlier list, or the earlier persons, if nothing changed: a comparison by identity is enough. */
  read(sources: PeopleSources): readonly Person[] {
    const now = this.clock.now();
    const speaks = (id: string, level: number) => this.#speaking.addLevel(id, level, now);
    const people = [selfOf(sources, speaks), ...othersOf(sources, speaks)];
    this.#speaking.keep(new Set(people.map(({ id }) => id)));
    this.#cancelSilence?.();
    const wait = this.#speaking.untilSilence(now);
    this.#cancelSilence = wait === null ? null : this.clock.after(wait, this.onSilence);
    this.#people = keepUnchanged(this.#people, people);
    return this.#people;
  }

  stop(): void {
    this.#cancelSilence?.();
  }
}

type Speaks = (id: string, level: number) => boolean;

function selfOf({ ticket, participants, local, media }: PeopleSources, speaks: Speaks): Person {
  const { participant: id, name, role } = ticket;
  return {
    ...{ id, name, role },
    verified: participants.find((participant) => participant.id === id)?.verified ?? false,
    self: true,
    camera: local.camera.state === 'on' ? (media?.ownCamera ?? local.camera.track) : null,
    screen: local.screen.state === 'on' ? local.screen.track : null,
    sound: local.microphone.track,
    cameraOn: local.camera.state === 'on',
    microphoneOn: local.microphone.state === 'on',
    speaking: speaks(id, local.level),
    quality: media?.quality ?? 0,
    state: media?.state === 'reconnecting' ? 'reconnecting' : 'connected',
  };
}

function othersOf(
  { ticket, participants, media, missing, unknown }: PeopleSources,
  speaks: Speaks,
): Person[] {
  return participants
    .filter(({ id }) => id !== ticket.participant)
    .map((participant): Person => {
      const { id, name, role, verified } = participant;
      const remote = media?.remotes.find((other) => other.id === id);
      const {
        camera = null,
        screen = null,
        sound,
        cameraOn = false,
        microphoneOn = false,
        level = 0,
        quality = 0,
      }: Partial<RemoteMedia> = remote ?? {};
      return {
        ...{ id, name, role, verified },
        self: false,
        ...{ camera, screen, sound, cameraOn, microphoneOn, quality },
        cameraMissing: missing.get(id)?.camera,
        microphoneMissing: missing.get(id)?.microphone,
        speaking: speaks(id, level),
        state: stateOf(participant, remote, unknown),
      };
    });
}

function stateOf(
  participant: Participant,
  remote: RemoteMedia | undefined,
  unknown: Person['state'],
): Person['state'] {
  if (remote?.state === 'connected') return 'connected';
  if (!participant.online) return 'away';
  return remote?.state ?? unknown;
}
