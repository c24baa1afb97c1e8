import type { LocalMediaSnapshot } from '../../media/local-media.ts';
import type { MediaSnapshot, RemoteMedia } from '../../media/media.ts';
import type { Participant, Ticket } from '../../protocol/views.ts';
import type { Person } from '../room-control.ts';

/** The people of a room as tiles show them: oneself first, then the others in the order of entering. */
export function peopleOf(
  ticket: Ticket,
  participants: readonly Participant[],
  local: LocalMediaSnapshot,
  media: MediaSnapshot | null,
  speaks: (id: string, level: number) => boolean,
  /** What somebody is of whom the media know nothing: where there are none, nobody is waited for. */
  unseen: 'connecting' | 'connected' = 'connecting',
): Person[] {
  const me = participants.find(({ id }) => id === ticket.participant);
  const self: Person = {
    id: ticket.participant,
    name: ticket.name,
    role: ticket.role,
    verified: me?.verified ?? false,
    self: true,
    camera: local.camera.state === 'on' ? (media?.ownCamera ?? local.camera.track) : null,
    screen: local.screen.state === 'on' ? local.screen.track : null,
    cameraOn: local.camera.state === 'on',
    microphoneOn: local.microphone.state === 'on',
    speaking: speaks(ticket.participant, local.level),
    quality: media?.quality ?? 0,
    state: media?.state === 'reconnecting' ? 'reconnecting' : 'connected',
  };
  const others = participants
    .filter(({ id }) => id !== ticket.participant)
    .map((participant): Person => {
      const remote = media?.remotes.find(({ id }) => id === participant.id);
      return {
        id: participant.id,
        name: participant.name,
        role: participant.role,
        verified: participant.verified,
        self: false,
        camera: remote?.camera ?? null,
        screen: remote?.screen ?? null,
        cameraOn: remote?.cameraOn ?? false,
        microphoneOn: remote?.microphoneOn ?? false,
        speaking: speaks(participant.id, remote?.level ?? 0),
        quality: remote?.quality ?? 0,
        state: stateOf(participant, remote, unseen),
      };
    });
  return [self, ...others];
}

function stateOf(
  participant: Participant,
  remote: RemoteMedia | undefined,
  unseen: Person['state'],
): Person['state'] {
  if (remote?.state === 'connected') return 'connected';
  if (!participant.online) return 'away';
  return remote?.state ?? unseen;
}

/** The earlier objects where nothing changed, so that whoever compares them has nothing to do. */
export function keepUnchanged(
  before: readonly Person[],
  now: readonly Person[],
): readonly Person[] {
  const people = now.map((person) => {
    const earlier = before.find(({ id }) => id === person.id);
    return earlier && sameFields(earlier, person) ? earlier : person;
  });
  const same = people.length === before.length && people.every((one, i) => one === before[i]);
  return same ? before : people;
}

function sameFields(a: Person, b: Person): boolean {
  return (Object.keys(b) as (keyof Person)[]).every((key) => Object.is(a[key], b[key]));
}
