/** What colleagues write in a dossier so that the next one knows. */
export const noteTexts = [
  'Belt liever na 18.00 uur, werkt in de zorg.',
  'Slechthorend: rustig en duidelijk spreken, of mailen.',
  'Dochter regelt de zaken, is gemachtigd (formulier in dossier).',
  'Heeft twee adressen; vraag altijd welk adres het betreft.',
  'Wil graag met u worden aangesproken.',
  'Was eerder ontevreden over terugbellen. Afspraken stipt nakomen.',
  'Stelt prijs op bevestiging per mail.',
  'Spreekt liever Engels.',
  'Heeft een smalle trap: bij bezorging altijd melden.',
  'Betaalt op rekening, contactpersoon is de administratie.',
  'Bel aan bij de buren op nummer ernaast als er niemand opendoet.',
  'Heeft gevraagd om geen reclame te ontvangen.',
] as const;
