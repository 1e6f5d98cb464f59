export default [
  {
    code: "68/262",
    name: "a resolution",
    description: "as passed",
    approve: [
      "Albania", "Andorra", "Australia", "Austria", "Azerbaijan", "Bahamas", "Bahrain", "Barbados", "Belgium", "Benin", "Bhutan", "Bulgaria", "Cabo Verde", "Cameroon", "Canada", "Central African Republic", "Chad", "Chile", "Colombia", "Costa Rica", "Croatia", "Cyprus", "Czechia", "DR Congo", "Denmark", "Dominican Republic", "Estonia", "Finland", "France", "Georgia", "Germany", "Greece", "Guatemala", "Guinea", "Haiti", "Honduras", "Hungary", "Iceland", "Indonesia", "Ireland", "Italy", "Japan", "Jordan", "Kiribati", "Kuwait", "Latvia", "Liberia", "Libya", "Liechtenstein", "Lithuania", "Luxembourg", "Madagascar", "Malawi", "Malaysia", "Maldives", "Malta", "Marshall Islands", "Mauritius", "Mexico", "Micronesia", "Moldova", "Monaco", "Montenegro", "Netherlands", "New Zealand", "Niger", "Nigeria", "North Macedonia", "Norway", "Palau", "Panama", "Papua New Guinea", "Peru", "Philippines", "Poland", "Portugal", "Qatar", "Romania", "Samoa", "San Marino", "Saudi Arabia", "Seychelles", "Sierra Leone", "Singapore", "Slovakia", "Slovenia", "Solomon Islands", "Somalia", "South Korea", "Spain", "Sweden", "Switzerland", "Thailand", "Togo", "Trinidad and Tobago", "Tunisia", "Turkey", "Ukraine", "United Kingdom", "United States"
    ],
    against: [
      "Armenia", "Belarus", "Bolivia", "Cuba", "Nicaragua", "North Korea", "Russia", "Sudan", "Syria", "Venezuela", "Zimbabwe"
    ],
    abstain: [
      "Afghanistan", "Algeria", "Angola", "Antigua and Barbuda", "Argentina", "Bangladesh", "Botswana", "Brazil", "Brunei", "Burkina Faso", "Burundi", "Cambodia", "China", "Comoros", "Djibouti", "Dominica", "Ecuador", "Egypt", "El Salvador", "Eritrea", "Eswatini", "Ethiopia", "Fiji", "Gabon", "Gambia", "Guyana", "India", "Iraq", "Jamaica", "Kazakhstan", "Kenya", "Lesotho", "Mali", "Mauritania", "Mongolia", "Mozambique", "Myanmar", "Namibia", "Nauru", "Nepal", "Pakistan", "Paraguay", "Rwanda", "Saint Kitts and Nevis", "Saint Lucia", "Saint Vincent and the Grenadines", "Sao Tome and Principe", "Senegal", "South Africa", "South Sudan", "Sri Lanka", "Suriname", "Tanzania", "Uganda", "Uruguay", "Uzbekistan", "Vietnam", "Zambia"
    ],
    absent: [
      "Belize", "Bosnia and Herzegovina", "Congo", "Cote d'Ivoire", "Equatorial Guinea", "Ghana", "Grenada", "Guinea-Bissau", "Iran", "Israel", "Kyrgyzstan", "Laos", "Lebanon", "Morocco", "Oman", "Serbia", "Tajikistan", "Timor-Leste", "Tonga", "Turkmenistan", "Tuvalu", "United Arab Emirates", "Vanuatu", "Yemen"
    ],
  },
  {
    code: "ES-11/1",
    name: "a resolution",
    description: "as passed",
    approve: [
      "Afghanistan", "Albania", "Andorra", "Antigua and Barbuda", "Argentina", "Australia", "Austria", "Bahamas", "Bahrain", "Barbados", "Belgium", "Belize", "Benin", "Bhutan", "Bosnia and Herzegovina", "Botswana", "Brazil", "Brunei", "Bulgaria", "Cabo Verde", "Cambodia", "Canada", "Chad", "Chile", "Colombia", "Comoros", "Costa Rica", "Cote d'Ivoire", "Croatia", "Cyprus", "Czechia", "DR Congo", "Denmark", "Djibouti", "Dominica", "Dominican Republic", "Ecuador", "Egypt", "Estonia", "Fiji", "Finland", "France", "Gabon", "Gambia", "Georgia", "Germany", "Ghana", "Greece", "Grenada", "Guatemala", "Guyana", "Haiti", "Honduras", "Hungary", "Iceland", "Indonesia", "Ireland", "Israel", "Italy", "Jamaica", "Japan", "Jordan", "Kenya", "Kiribati", "Kuwait", "Latvia", "Lebanon", "Lesotho", "Liberia", "Libya", "Liechtenstein", "Lithuania", "Luxembourg", "Malawi", "Malaysia", "Maldives", "Malta", "Marshall Islands", "Mauritania", "Mauritius", "Mexico", "Micronesia", "Moldova", "Monaco", "Montenegro", "Myanmar", "Nauru", "Nepal", "Netherlands", "New Zealand", "Niger", "Nigeria", "North Macedonia", "Norway", "Oman", "Palau", "Panama", "Papua New Guinea", "Paraguay", "Peru", "Philippines", "Poland", "Portugal", "Qatar", "Romania", "Rwanda", "Saint Kitts and Nevis", "Saint Lucia", "Saint Vincent and the Grenadines", "Samoa", "San Marino", "Sao Tome and Principe", "Saudi Arabia", "Serbia", "Seychelles", "Sierra Leone", "Singapore", "Slovakia", "Slovenia", "Solomon Islands", "Somalia", "South Korea", "Spain", "Suriname", "Sweden", "Switzerland", "Thailand", "Timor-Leste", "Tonga", "Trinidad and Tobago", "Tunisia", "Turkey", "Tuvalu", "Ukraine", "United Arab Emirates", "United Kingdom", "United States", "Uruguay", "Vanuatu", "Yemen", "Zambia"
    ],
    against: [
      "Belarus", "Eritrea", "North Korea", "Russia", "Syria"
    ],
    abstain: [
      "Algeria", "Angola", "Armenia", "Bangladesh", "Bolivia", "Burundi", "Central African Republic", "China", "Congo", "Cuba", "El Salvador", "Equatorial Guinea", "India", "Iran", "Iraq", "Kazakhstan", "Kyrgyzstan", "Laos", "Madagascar", "Mali", "Mongolia", "Mozambique", "Namibia", "Nicaragua", "Pakistan", "Senegal", "South Africa", "South Sudan", "Sri Lanka", "Sudan", "Tajikistan", "Tanzania", "Uganda", "Vietnam", "Zimbabwe"
    ],
    absent: [
      "Azerbaijan", "Burkina Faso", "Cameroon", "Eswatini", "Ethiopia", "Guinea", "Guinea-Bissau", "Morocco", "Togo", "Turkmenistan", "Uzbekistan", "Venezuela"
    ],
  },
]
