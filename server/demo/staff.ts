/** Who works in the demo's contact centre, for which clients, and what they are good at. */
import type { Role } from '@kernlijn/contract/access';
import type { SkillCode } from './clients/client.ts';

export const skills: Record<SkillCode, { kind: 'language' | 'topic'; nl: string; en: string }> = {
  nl: { kind: 'language', nl: 'Nederlands', en: 'Dutch' },
  en: { kind: 'language', nl: 'Engels', en: 'English' },
  de: { kind: 'language', nl: 'Duits', en: 'German' },
  fy: { kind: 'language', nl: 'Fries', en: 'Frisian' },
  fr: { kind: 'language', nl: 'Frans', en: 'French' },
  tr: { kind: 'language', nl: 'Turks', en: 'Turkish' },
  delivery: { kind: 'topic', nl: 'Bezorging en retour', en: 'Delivery and returns' },
  advice: { kind: 'topic', nl: 'Woonadvies', en: 'Interior advice' },
  complaints: { kind: 'topic', nl: 'Klachten', en: 'Complaints' },
  billing: { kind: 'topic', nl: 'Rekeningen', en: 'Billing' },
  outage: { kind: 'topic', nl: 'Storingen', en: 'Outages' },
  switching: { kind: 'topic', nl: 'Overstappen', en: 'Switching' },
};

export const pauseReasons = [
  { code: 'lunch', nl: 'Lunch', en: 'Lunch' },
  { code: 'break', nl: 'Korte pauze', en: 'Short break' },
  { code: 'training', nl: 'Training', en: 'Training' },
  { code: 'meeting', nl: 'Overleg', en: 'Meeting' },
  { code: 'technical', nl: 'Storing aan werkplek', en: 'Technical trouble' },
  { code: 'missed', nl: 'Niet opgenomen', en: 'Missed' },
] as const;

export type ClientSlug = 'lindeboom' | 'noorderlicht';
export type Levels = Partial<Record<SkillCode, number>>;

export interface StaffMember {
  name: string;
  role: Role;
  clients: readonly ClientSlug[];
  /** Only those with skills are offered work. */
  skills: Levels | null;
}

const both = ['lindeboom', 'noorderlicht'] as const;
const shop = ['lindeboom'] as const;
const energy = ['noorderlicht'] as const;
const agent = (name: string, clients: readonly ClientSlug[], levels: Levels, role: Role = 'agent'): StaffMember => ({
  name,
  role,
  clients,
  skills: levels,
});
const other = (name: string, role: Role, clients: readonly ClientSlug[]): StaffMember => ({
  name,
  role,
  clients,
  skills: null,
});

export const staff: readonly StaffMember[] = [
  agent('Sanne Visser', both, { nl: 5, en: 4, delivery: 4, advice: 4, billing: 4, outage: 3, switching: 3 }),
  agent('Emre Aydın', both, { nl: 5, en: 4, tr: 5, delivery: 4, advice: 3, billing: 3, outage: 3 }),
  agent('Femke Hoekstra', both, { nl: 5, fy: 5, en: 3, delivery: 3, billing: 4, switching: 4 }),
  agent('Daan Mulder', shop, { nl: 5, en: 3, delivery: 5, advice: 3 }),
  agent('Noor El Amrani', shop, { nl: 5, en: 4, fr: 4, delivery: 3, advice: 5 }),
  agent('Lotte Brouwer', shop, { nl: 5, en: 2, advice: 4, complaints: 4 }),
  agent('Tim Verhoeven', shop, { nl: 5, de: 4, en: 3, delivery: 4 }),
  agent('Anouk de Graaf', shop, { nl: 5, delivery: 2, advice: 2 }),
  agent('Bram Kuipers', shop, { nl: 4, en: 5, delivery: 3, complaints: 3 }),
  agent('Yasmina Bouzid', shop, { nl: 5, fr: 5, en: 3, delivery: 3, advice: 3 }),
  agent('Sietske Postma', energy, { nl: 5, fy: 5, billing: 5, outage: 4 }),
  agent('Ruben van Dijk', energy, { nl: 5, en: 4, billing: 3, switching: 5 }),
  agent('Iris Meijer', energy, { nl: 5, de: 5, en: 4, billing: 4, switching: 4 }),
  agent('Thijs Wolters', energy, { nl: 5, outage: 5, billing: 2 }),
  agent('Fatma Yılmaz', energy, { nl: 5, tr: 5, billing: 4, outage: 3 }),
  agent('Koen Jacobs', energy, { nl: 5, en: 3, outage: 4, switching: 3 }),
  agent('Merel Scholten', energy, { nl: 5, en: 5, billing: 3, switching: 3 }),
  agent('Jesse Timmermans', energy, { nl: 4, billing: 2, outage: 2 }),
  agent(
    'Marieke Dekker',
    both,
    { nl: 5, en: 5, de: 3, delivery: 5, advice: 5, complaints: 5, billing: 5, outage: 5, switching: 5 },
    'senior-agent',
  ),
  agent(
    'Wouter Smit',
    both,
    { nl: 5, en: 4, fy: 3, delivery: 4, complaints: 5, billing: 5, outage: 4, switching: 5 },
    'senior-agent',
  ),
  agent('Joris Bakker', both, { nl: 5, en: 4, delivery: 4, complaints: 5, billing: 4, outage: 4 }, 'team-leader'),
  agent('Esther de Boer', both, { nl: 5, en: 4, advice: 4, complaints: 5, billing: 4, switching: 4 }, 'team-leader'),
  other('Hanneke Vos', 'coach', both),
  other('Ronald Peters', 'trainer', both),
  other('Mirjam van Leeuwen', 'planner', both),
  other('Stefan Willems', 'administrator', both),
  other('Carolien Linde', 'client-representative', shop),
  other('Harmen Zijlstra', 'client-representative', energy),
];

/** "Emre Aydın" → emre.aydin@demo.example.org */
export function emailOf({ name }: Pick<StaffMember, 'name'>): string {
  const plain = name.replaceAll('ı', 'i').normalize('NFD').replaceAll(/\p{M}/gu, '').toLowerCase();
  const [first = '', ...rest] = plain.split(' ');
  return `${first}.${rest.join('')}@demo.example.org`;
}
