"""What is open and how it is drawn, announced by psygnal events; knows neither Qt nor VTK."""
