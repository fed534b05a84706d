import type { NewProduct } from '../../src/sales/index.ts';

type Row = [code: string, name: string, description: string, priceCents: number | null, unit: string];

const contracts: Row[] = [
  [
    'ST-V1',
    'Stroom vast, 1 jaar',
    '€ 0,262 per kWh, 100 % Nederlandse wind. Vaste kosten € 12,45 per maand.',
    1245,
    'maand',
  ],
  [
    'ST-V3',
    'Stroom vast, 3 jaar',
    '€ 0,254 per kWh, 100 % Nederlandse wind. Vaste kosten € 12,45 per maand.',
    1245,
    'maand',
  ],
  [
    'ST-VAR',
    'Stroom variabel',
    '€ 0,279 per kWh, elke maand opzegbaar. Tarief kan per kwartaal wijzigen.',
    1095,
    'maand',
  ],
  ['ST-DYN', 'Stroom dynamisch', 'Uurprijs van de beurs plus € 0,021 per kWh. Slimme meter nodig.', 995, 'maand'],
  ['GA-V1', 'Gas vast, 1 jaar', '€ 1,218 per m³, CO₂ gecompenseerd.', 1245, 'maand'],
  ['GA-V3', 'Gas vast, 3 jaar', '€ 1,196 per m³, CO₂ gecompenseerd.', 1245, 'maand'],
  ['GA-VAR', 'Gas variabel', '€ 1,264 per m³, elke maand opzegbaar.', 1095, 'maand'],
  ['GA-DYN', 'Gas dynamisch', 'Dagprijs plus € 0,065 per m³.', 995, 'maand'],
  [
    'ZK-S',
    'Zakelijk stroom klein',
    'Tot 50.000 kWh per jaar, vast voor 1 of 3 jaar, factuur per maand.',
    1995,
    'maand',
  ],
  ['ZK-M', 'Zakelijk stroom midden', 'Vanaf 50.000 kWh, prijs op aanvraag, met eigen contactpersoon.', null, 'maand'],
  ['ZK-G', 'Zakelijk gas', 'Vanaf 10.000 m³, prijs op aanvraag.', null, 'maand'],
  ['ST-WP', 'Warmtepomptarief', 'Lager tarief voor huishoudens met een warmtepomp, apart gemeten.', 1395, 'maand'],
  ['ST-EV', 'Laadtarief nacht', 'Goedkoper laden tussen 23.00 en 7.00 uur, met slimme laadpaal.', 1395, 'maand'],
];

const things: Row[] = [
  ['ZP-06', 'Zonnepanelen, 6 stuks', 'Compleet met omvormer en montage, ongeveer 2.400 kWh per jaar.', 349900, 'set'],
  ['ZP-10', 'Zonnepanelen, 10 stuks', 'Compleet met omvormer en montage, ongeveer 4.000 kWh per jaar.', 499900, 'set'],
  ['ZP-14', 'Zonnepanelen, 14 stuks', 'Compleet met omvormer en montage, ongeveer 5.600 kWh per jaar.', 649900, 'set'],
  ['AC-05', 'Thuisaccu 5 kWh', 'Bewaart eigen stroom voor de avond. Vanaf € 0 terugleverkosten.', 429900, 'stuk'],
  ['AC-10', 'Thuisaccu 10 kWh', 'Voor huishoudens met warmtepomp of elektrische auto.', 689900, 'stuk'],
  ['WP-HY', 'Hybride warmtepomp', 'Werkt samen met de cv-ketel en bespaart ongeveer 60 % gas.', 489900, 'stuk'],
  ['WP-AL', 'Warmtepomp all-electric', 'Voor goed geïsoleerde huizen; opname aan huis is inbegrepen.', 1149900, 'stuk'],
  ['LP-11', 'Laadpaal 11 kW', 'Slim laden, met installatie binnen 10 meter van de meterkast.', 139900, 'stuk'],
  ['IS-SP', 'Spouwmuurisolatie', 'Per m² geveloppervlak, met garantie van 30 jaar.', 2500, 'm²'],
  ['IS-VL', 'Vloerisolatie', 'Per m², kruipruimte minstens 35 cm hoog.', 3200, 'm²'],
  ['TH-01', 'Slimme thermostaat', 'Met app, past op de meeste ketels. Installatie kan zelf.', 14900, 'stuk'],
  ['OH-CV', 'Onderhoud cv-ketel', 'Jaarlijkse controle en storingsdienst, dag en nacht.', 1195, 'maand'],
  ['OH-WP', 'Onderhoud warmtepomp', 'Jaarlijkse controle, voorrang bij storing.', 1695, 'maand'],
  [
    'AD-EN',
    'Energieadvies aan huis',
    'Adviseur loopt door het huis; rapport met besparing en subsidies.',
    19900,
    'bezoek',
  ],
];

export const noorderlichtProducts: NewProduct[] = [...contracts, ...things].map(
  ([code, name, description, priceCents, unit]) => ({ code, name, description, priceCents, unit }),
);
