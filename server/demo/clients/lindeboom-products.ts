import type { NewProduct } from '../../src/sales/index.ts';

const lamps: [string, string, string, number][] = [
  ['LT-101', 'Tafellamp Wilg', 'Eiken voet, linnen kap, 46 cm hoog. E27, geleverd met dimbare ledlamp.', 7995],
  ['LT-102', 'Tafellamp Wilg klein', 'Eiken voet, linnen kap, 32 cm hoog, voor nachtkast of vensterbank.', 5995],
  ['LH-201', 'Hanglamp Meidoorn', 'Mat zwart staal, snoer verstelbaar tot 150 cm.', 12900],
  ['LH-202', 'Hanglamp Sleedoorn', 'Drie kappen van mondgeblazen glas op één balk, voor boven de eettafel.', 24900],
  ['LV-301', 'Vloerlamp Populier', 'Dimbaar, met draaibare leesarm. Hoogte 165 cm.', 18900],
  ['LV-302', 'Booglamp Treurwilg', 'Marmeren voet, boog van geborsteld staal, reikt 180 cm.', 34900],
  ['LW-401', 'Wandlamp Hazelaar', 'Schijnt omhoog en omlaag, ook voor badkamers (IP44).', 6995],
  ['LP-501', 'Plafondlamp Lijsterbes', 'Rond, stoffen kap, doorsnede 50 cm, inbouwdiepte 12 cm.', 9995],
];

const furniture: [string, string, string, number][] = [
  ['SE-110', 'Eetkamerstoel Els', 'Massief beuken, zitting van leer of stof in acht kleuren.', 14900],
  ['SE-111', 'Eetkamerstoel Els met armleuning', 'Als Els, met armleuningen; past onder tafels vanaf 74 cm.', 17900],
  ['SB-120', 'Barkruk Esdoorn', 'Zithoogte 65 of 75 cm, voetsteun van staal.', 13900],
  ['SF-130', 'Fauteuil Kastanje', 'Hoge rug, wol of velours, met bijpassende voetenbank.', 54900],
  ['SF-131', 'Voetenbank Kastanje', 'Hoort bij fauteuil Kastanje, met opbergruimte.', 16900],
  ['BK-210', 'Bank Plataan 2,5-zits', 'Afneembare hoezen, zitdiepte 58 cm, breedte 196 cm.', 129900],
  ['BK-211', 'Bank Plataan 3-zits', 'Afneembare hoezen, zitdiepte 58 cm, breedte 226 cm.', 149900],
  ['BK-212', 'Hoekbank Plataan', 'Links of rechts, 290 × 220 cm, geleverd in drie delen.', 219900],
  ['TE-310', 'Eettafel Noot 180', 'Massief eiken blad van 4 cm, 180 × 95 cm.', 89900],
  ['TE-311', 'Eettafel Noot 220', 'Massief eiken blad van 4 cm, 220 × 100 cm.', 109900],
  ['TE-312', 'Ronde tafel Noot', 'Doorsnede 130 cm, uitschuifbaar tot 180 cm.', 99900],
  ['TS-320', 'Salontafel Beuk', 'Set van twee, rond, 80 en 55 cm.', 27900],
  ['TB-330', 'Bureau Wilg', 'In hoogte verstelbaar van 70 tot 118 cm, kabelgoot.', 64900],
  ['KW-410', 'Wandkast Berk', 'Zwevend, twee klepdeuren, 120 cm breed.', 21900],
  ['KD-420', 'Dressoir Iep', 'Vier deuren, twee laden, 200 cm breed, eiken fineer.', 89900],
  ['KB-430', 'Boekenkast Den', 'Vijf verstelbare planken, 90 × 200 cm, met muurbevestiging.', 32900],
  ['KV-440', 'Vitrinekast Olm', 'Glazen deuren, ledverlichting, 110 × 190 cm.', 79900],
  ['BD-510', 'Bed Linde 160', 'Tweepersoons, massief berken, zonder bodem en matras.', 74900],
  ['BD-511', 'Bed Linde 180', 'Tweepersoons, massief berken, zonder bodem en matras.', 79900],
  ['NK-520', 'Nachtkastje Linde', 'Eén lade, open vak, 45 cm breed.', 12900],
];

const services: [string, string, string, number][] = [
  ['DI-901', 'Bezorging tot in de kamer', 'Twee bezorgers, op elke verdieping. Gratis vanaf € 750.', 4900],
  ['DI-902', 'Montage aan huis', 'Binnen een week na bezorging; verpakking gaat mee terug.', 7900],
  ['DI-903', 'Onderhoudsset hout', 'Olie, doek en schuurspons voor vijf jaar onderhoud.', 2995],
];

export const lindeboomProducts: NewProduct[] = [...lamps, ...furniture, ...services].map(
  ([code, name, description, priceCents]) => ({ code, name, description, priceCents, unit: 'stuk' }),
);
