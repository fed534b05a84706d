import type { DemoArticle } from './client.ts';

const dutch: [string, string][] = [
  [
    'Gaslucht: eerst veiligheid',
    `Lees dit hardop voor, voor u iets anders vraagt:
1. Zet ramen en deuren open.
2. Doe niets aan of uit: geen licht, geen bel, geen telefoon binnen.
3. Draai de hoofdkraan dicht als u erbij kunt.
4. Ga naar buiten en bel daar het nationale storingsnummer voor gas.

Wij sturen zelf geen monteur bij gaslucht: de netbeheerder is er binnen een uur. Registreer met reden Gaslucht.`,
  ],
  [
    'Geen stroom: thuis of de hele straat?',
    `Vraag of de buren licht hebben. Ja: laat de klant in de meterkast kijken naar de aardlekschakelaar; zet alle groepen uit en één voor één aan. Nee: storing in het net, verwijs naar de netbeheerder en noem de verwachte hersteltijd van de storingskaart.`,
  ],
  [
    'Verhuizen: van melding tot eindafrekening',
    `Melden kan van zes weken vooraf tot twee weken achteraf. Nodig: nieuw adres, datum van de sleutel, wie er na de klant in de oude woning komt.

Het contract verhuist mee tegen dezelfde tarieven. Meterstanden van beide adressen op de dag van de sleutel. De eindafrekening volgt binnen zes weken.

Gaat de klant samenwonen of naar het buitenland, dan eindigt het contract zonder kosten.`,
  ],
  [
    'Termijnbedrag: hoe het wordt berekend',
    `Verwacht jaarverbruik maal tarief, plus vaste kosten, min de vermindering energiebelasting, gedeeld door twaalf. Het bedrag mag 25 % omlaag of onbeperkt omhoog. Waarschuw bij verlagen voor een naheffing en noteer dat u dat heeft gezegd.`,
  ],
  [
    'Jaarrekening uitleggen',
    `Loop de rekening van boven naar beneden door: verbruik, tarief per periode, vaste kosten, energiebelasting, vermindering, btw, betaalde termijnen.

Geschatte stand? Met een foto van de meter maken we binnen tien werkdagen een nieuwe rekening. Een jaarrekening komt uiterlijk twee maanden na het einde van het leveringsjaar.`,
  ],
  [
    'Meterstanden doorgeven en controleren',
    `Via de app, de site of aan de telefoon. Twee telwerken stroom (laag en normaal), één gas; bij zonnepanelen ook twee voor teruglevering. Wijkt een stand meer dan 40 % af van de verwachting, vraag dan om een foto.`,
  ],
  [
    'Betalingsregeling',
    `Tot € 500: u mag zelf een regeling treffen tot zes termijnen, zonder kosten. Hoger of langer: via Incasso, zelfde dag antwoord.

Bij betalingsproblemen altijd wijzen op gratis schuldhulp van de gemeente. Afsluiten in de winter (1 oktober tot 1 april) gebeurt niet zonder de stappen van de regeling voor kwetsbare afnemers.`,
  ],
  [
    'Automatische incasso en storneren',
    `Incasso is rond de 25e. Storneren kan 56 dagen via de eigen bank. Een nieuw rekeningnummer gaat via de machtigingslink; neem nooit een rekeningnummer aan van iemand die u niet heeft gecontroleerd.`,
  ],
  [
    'Wie mag wat weten: controle aan de telefoon',
    `Vraag postcode en huisnummer, geboortedatum of de laatste vier cijfers van de rekening. Een partner die niet op het contract staat krijgt alleen algemene informatie. Gemachtigden staan in het dossier.`,
  ],
  [
    'Vaste, variabele en dynamische contracten',
    `Vast: zekerheid, opzegvergoeding bij eerder weggaan. Variabel: elke maand weg, tarief wijzigt per kwartaal met een maand aankondiging. Dynamisch: uurprijs van de beurs, slimme meter nodig, kans op hoge prijzen in de winteravond.

Noem altijd alle drie als een klant vraagt wat het beste is, en vraag naar verbruik, zonnepanelen en hoeveel onzekerheid past.`,
  ],
  [
    'Opzegvergoeding bij vaste contracten',
    `De vergoeding hangt af van de resterende looptijd en het verschil met het tarief van nu. Bereken hem in het systeem en noem het bedrag. Geen vergoeding bij overlijden, emigratie, samenwonen op een adres met contract of verhuizing naar een adres zonder eigen aansluiting.`,
  ],
  [
    'Bedenktijd na afsluiten',
    `Veertien dagen na ontvangst van de bevestiging, zonder reden en zonder kosten. Bij verkoop aan de telefoon geldt de overeenkomst pas als de klant het aanbod schriftelijk heeft bevestigd.`,
  ],
  [
    'Zonnepanelen en teruglevering',
    `Tot en met 31 december 2026 wordt gesaldeerd. Daarna geldt een terugleververgoeding van minstens 50 % van het kale leveringstarief. Verdere kosten en vergoedingen staan op het tarievenblad. Een dynamisch contract of thuisaccu kan dan voordeliger zijn; beloof geen bedragen.`,
  ],
  [
    'Warmtepomp: storing en instelling',
    `Foutcode op het scherm? Zoek hem in de lijst hieronder. Druk te laag (E02): bijvullen tot 1,8 bar. Ontdooien is normaal: tien minuten damp bij de buitenunit. Klanten met onderhoudscontract OH-WP hebben voorrang.`,
  ],
  [
    'Slimme meter: display zwart of geen gegevens',
    `Vraag de klant vijf seconden op de knop te drukken. Blijft het display zwart, dan is de netbeheerder aan zet. Komen er in de app geen gegevens binnen, controleer dan of de toestemming voor uitlezen nog geldt.`,
  ],
  [
    'Klachten en de Geschillencommissie',
    `Los op wat u kunt, leg vast wat u afspreekt, en noem de termijn. Is de klant na onze laatste brief niet tevreden, dan kan hij binnen een jaar naar de Geschillencommissie Energie. Compensatie tot € 40 mag u zelf toekennen.`,
  ],
];

const english: [string, string][] = [
  [
    'Moving house',
    `Report it from six weeks before until two weeks after. We need the new address, the date of the keys and the meter readings of both homes on that day. The contract moves along at the same tariffs; moving abroad ends it at no cost.`,
  ],
  [
    'Understanding the annual bill',
    `Consumption, tariff per period, standing charges, energy tax, tax reduction, VAT, instalments paid. An estimated reading can be corrected with a photograph of the meter within two months.`,
  ],
];

export const noorderlichtArticles: DemoArticle[] = [
  ...dutch.map(([title, body]) => ({ title, body, language: 'nl' as const })),
  ...english.map(([title, body]) => ({ title, body, language: 'en' as const })),
];
